// The story of a dial request, from its being asked for to the end of the call, by the AWS SDK for JavaScript.
//
// NODE_PACKAGES is where npm put the packages; STORY is the JSON with the customers and the input of the calls.

import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_PACKAGES}/`);
const connect = require("@aws-sdk/client-connect");
const campaigns = require("@aws-sdk/client-connectcampaigns");

const story = JSON.parse(process.env.STORY);
const client = new connect.ConnectClient({});
const dialer = new campaigns.ConnectCampaignsClient({});

const error = await client
  .send(new connect.DescribeInstanceCommand({ InstanceId: story.unknown }))
  .catch((refused) => refused);

const batch = await client.send(
  new connect.BatchPutContactCommand({ InstanceId: story.instance, ContactDataRequestList: story.items }),
);

const dialRequest = { ...story.dial_request, expirationTime: new Date(story.dial_request.expirationTime) };
const asked = await dialer.send(
  new campaigns.PutDialRequestBatchCommand({ id: story.campaign, dialRequests: [dialRequest] }),
);

const advanced = await fetch(`${story.url}/_mock/advance`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ seconds: story.seconds }),
});

const found = await client.send(
  new connect.SearchContactsCommand({
    InstanceId: story.instance,
    TimeRange: {
      Type: "INITIATION_TIMESTAMP",
      StartTime: new Date(story.time_range[0]),
      EndTime: new Date(story.time_range[1]),
    },
  }),
);
const described = await client.send(
  new connect.DescribeContactCommand({
    InstanceId: story.instance,
    ContactId: batch.SuccessfulRequestList[0].ContactId,
  }),
);

console.log(
  JSON.stringify({
    error: [error instanceof connect.ResourceNotFoundException && error.name, error.$metadata.httpStatusCode],
    attempts: batch.$metadata.attempts,
    created: batch.SuccessfulRequestList.map((contact) => contact.RequestIdentifier),
    failed: batch.FailedRequestList.map((request) => [request.RequestIdentifier, request.FailureReasonCode]),
    asked: asked.successfulRequests.map((request) => request.clientToken),
    advanced: advanced.status,
    ended: found.Contacts.filter((contact) => contact.DisconnectTimestamp instanceof Date)
      .map((contact) => contact.Id)
      .sort(),
    reason: described.Contact.DisconnectReason,
  }),
);
