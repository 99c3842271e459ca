"""Scripts that write files of the checkout, and scripts that check its documentation and its types."""
