import express from 'express';
import { z } from 'zod';
import type { SandboxClock } from './clock.ts';
import type { StandIns } from './demo.ts';
import { type OpenView, type SlackStandIn, visibleText } from './slack/index.ts';

/*
 * Plays the people of the demo over HTTP: staff in the stand-in of Slack, customers on their phones. Exists only beside
 * stand-ins; what it does reaches the product through their wire protocols.
 */

const slash = z.strictObject({ user: z.string(), command: z.string(), text: z.string().default('') });
const fill = z.strictObject({ user: z.string(), values: z.record(z.string(), z.union([z.string(), z.boolean()])) });
const click = z.strictObject({ user: z.string(), button: z.string() });
const customer = z.strictObject({ from: z.string(), channel: z.enum(['sms', 'whatsapp']), body: z.string() });

/** Adds `/sandbox/slack/…` and `/sandbox/phones`. */
export function controlRoutes(app: express.Application, deps: { turner: SandboxClock; standIns: StandIns }): void {
  const { slack, twilio } = deps.standIns;
  const json = express.json({ limit: '32kb' });
  const answer =
    (work: (body: unknown) => Promise<object>) => async (request: express.Request, response: express.Response) => {
      try {
        response.json(await work(request.body));
      } catch (error) {
        response.status(400).json({ error: error instanceof Error ? error.message : 'failed' });
      }
    };

  if (slack) slackRoutes(app, slack.standIn, json, answer);
  if (!twilio) return;
  const { standIn, config } = twilio;
  app.get('/sandbox/phones', (_request, response) => {
    const { sent, inbound, autoReplies } = standIn.journal;
    const messages = [...sent, ...inbound, ...autoReplies].sort((a, b) => a.at - b.at);
    response.json({
      messages: messages.map(({ sid, channel, from, to, body, status, direction }) => ({
        sid,
        channel,
        from,
        to,
        body,
        status,
        direction,
      })),
    });
  });
  app.post(
    '/sandbox/phones',
    json,
    answer(async (body) => {
      const { from, channel, body: text } = customer.parse(body);
      const to = channel === 'sms' ? config.smsFrom : config.whatsappFrom;
      const { status } = await standIn.customerSends({ from, to: to ?? '', channel, body: text });
      return { status };
    }),
  );
}

type Answering = (work: (body: unknown) => Promise<object>) => express.RequestHandler;

function slackRoutes(
  app: express.Application,
  slack: SlackStandIn,
  json: express.RequestHandler,
  answer: Answering,
): void {
  const top = (user: string): OpenView => {
    const view = slack.stack(user).at(-1);
    if (!view) throw new Error(`${user} has no modal open`);
    return view;
  };
  const shown = (user: string) => slack.stack(user).map(visibleText);

  app.get('/sandbox/slack', (request, response) => {
    const user = String(request.query.user ?? '');
    const channels = slack.channels().filter((channel) => channel.kind !== 'im' || channel.userId === user);
    response.json({
      channels: channels.map((channel) => ({
        name: channel.kind === 'im' ? 'Messages' : `#${channel.name}`,
        messages: slack
          .messages(channel.id)
          .map((message) => ({ ts: message.ts, thread: message.thread_ts ?? null, text: visibleText(message) })),
      })),
      whispers: slack.ephemerals(user).map(visibleText),
      modals: shown(user),
      violations: slack.violations,
    });
  });
  app.post(
    '/sandbox/slack/command',
    json,
    answer(async (body) => {
      const { user, command, text } = slash.parse(body);
      const acted = await slack.slash(user, command, text);
      return { status: acted.status, modals: shown(user) };
    }),
  );
  app.post(
    '/sandbox/slack/submit',
    json,
    answer(async (body) => {
      const { user, values } = fill.parse(body);
      const submitted = await slack.submit(user, top(user), values);
      return { errors: submitted.labelledErrors, modals: shown(user) };
    }),
  );
  app.post(
    '/sandbox/slack/click',
    json,
    answer(async (body) => {
      const { user, button } = click.parse(body);
      const dm = slack.channels().find((channel) => channel.kind === 'im' && channel.userId === user);
      const messages = dm ? [...slack.messages(dm.id)].reverse() : [];
      const message = messages.find((each) => visibleText(each).split('\n').includes(button));
      if (!message) throw new Error(`${user} sees no button "${button}"`);
      const acted = await slack.click(user, { message }, button);
      return { status: acted.status, modals: shown(user) };
    }),
  );
}
