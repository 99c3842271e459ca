// The daily round of a desktop dialer, by the AWS SDK for JavaScript.
//
// NODE_PACKAGES is where npm put the packages; STORY is the JSON with the ids, the leads and the times.

import { createRequire } from "node:module";

const require = createRequire(`${process.env.NODE_PACKAGES}/`);
const connect = require("@aws-sdk/client-connect");
const campaigns = require("@aws-sdk/client-connectcampaigns");

const story = JSON.parse(process.env.STORY);
const client = new connect.ConnectClient({});
const dialer = new campaigns.ConnectCampaignsClient({});
const instance = { InstanceId: story.instance };
const campaign = { id: story.campaign };

async function freeAgents() {
  const page = await client.send(
    new connect.GetCurrentUserDataCommand({ ...instance, Filters: { Queues: [story.queue] } }),
  );
  return page.UserDataList.filter(
    (user) => user.Status.StatusName === "Available" && user.AvailableSlotsByChannel.VOICE > 0,
  ).length;
}

async function put(leads) {
  const response = await dialer.send(
    new campaigns.PutDialRequestBatchCommand({
      ...campaign,
      dialRequests: leads.map((lead) => ({
        clientToken: lead.name,
        phoneNumber: lead.number,
        expirationTime: new Date(story.expires),
        attributes: { lead: lead.name },
      })),
    }),
  );
  return response.successfulRequests.length;
}

async function advance(seconds) {
  await fetch(`${story.url}/_mock/advance`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ seconds }),
  });
}

async function nameOf(agent) {
  const { User: user } = await client.send(new connect.DescribeUserCommand({ ...instance, UserId: agent.Id }));
  return `${user.IdentityInfo.FirstName} ${user.IdentityInfo.LastName}`;
}

async function report() {
  const found = await client.send(
    new connect.SearchContactsCommand({
      ...instance,
      TimeRange: {
        Type: "INITIATION_TIMESTAMP",
        StartTime: new Date(story.time_range[0]),
        EndTime: new Date(story.time_range[1]),
      },
    }),
  );
  const lines = {};
  for (const { Id: id } of found.Contacts) {
    const described = await client.send(new connect.DescribeContactCommand({ ...instance, ContactId: id }));
    const { Attributes: attributes } = await client.send(
      new connect.GetContactAttributesCommand({ ...instance, InitialContactId: id }),
    );
    const { DisconnectReason: reason, AgentInfo: agent } = described.Contact;
    lines[attributes.lead] = [reason, agent ? await nameOf(agent) : null];
  }
  return lines;
}

const { state } = await dialer.send(new campaigns.GetCampaignStateCommand(campaign));
await dialer.send(new campaigns.StartCampaignCommand(campaign));
const puts = [];
for (let leads = story.leads; leads.length > 0; ) {
  const free = await freeAgents();
  if (free > 0) puts.push(await put(leads.slice(0, free)));
  leads = leads.slice(free);
  await advance(10);
  await client.send(
    new connect.PutUserStatusCommand({ ...instance, UserId: story.anna, AgentStatusId: story.lunch }),
  );
  await advance(90);
}
const lines = await report();
const { now } = await (await fetch(`${story.url}/_mock/now`)).json();
const { MetricResults: metrics } = await client.send(
  new connect.GetMetricDataV2Command({
    ResourceArn: story.instance_arn,
    StartTime: new Date(story.time_range[0]),
    EndTime: new Date(now),
    Filters: [{ FilterKey: "CAMPAIGN", FilterValues: [story.campaign_arn] }],
    Metrics: [
      {
        Name: "CAMPAIGN_CONTACTS_ABANDONED_AFTER_X_RATE",
        Threshold: [{ Comparison: "GT", ThresholdValue: 2 }],
      },
    ],
  }),
);
const abandoned = metrics[0].Collections[0].Value;
await dialer.send(new campaigns.StopCampaignCommand(campaign));

console.log(JSON.stringify({ state, puts, lines, abandoned }));
