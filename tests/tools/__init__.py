"""Scripts that write files of the checkout, and one that checks the links of the documentation."""
