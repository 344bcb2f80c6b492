import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import type { StatusView } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import { HOME } from '../lib/home.ts';
import type { Rooms } from '../rooms.ts';
import type { StandIns } from './demo.ts';

export const { version } = JSON.parse(readFileSync(path.join(HOME, 'package.json'), 'utf8')) as {
  version: string;
};

/** What the status page at `/` says. */
export async function demoStatus(
  rooms: Rooms,
  config: Config,
  clock: Clock,
  standIns: StandIns,
  roles: readonly string[],
): Promise<StatusView> {
  const parked = await rooms.webhooks.parked();
  const counts = await countsOf(rooms, clock.now());
  const demo = standIns.slack !== undefined;
  return {
    business: demo ? 'Nordic Motors' : 'LeadRescue',
    version,
    now: clock.now(),
    zone: demo ? 'Europe/Stockholm' : 'UTC',
    roles,
    checks: [
      { name: 'Database', ok: true, detail: config.databaseUrl ? 'your PostgreSQL' : 'embedded PostgreSQL' },
      { name: 'Slack', ok: true, detail: standIns.slack ? 'stand-in on this machine' : 'connected' },
      { name: 'Twilio', ok: true, detail: standIns.twilio ? 'stand-in on this machine' : 'connected' },
      {
        name: 'Inbound',
        ok: parked === 0,
        detail: parked === 0 ? 'nothing parked' : `${parked} messages wait for a person`,
      },
    ],
    addresses: [
      { label: 'Slack sends its requests to', value: '/slack/events' },
      { label: 'Twilio sends messages to', value: '/webhooks/twilio/inbound' },
      { label: 'Health', value: '/healthz' },
      { label: 'Readiness', value: '/readyz' },
      { label: 'Metrics', value: '/metrics' },
    ],
    tips: demo ? demoTips(config.publicUrl) : SLACK_TIPS,
    counts,
  };
}

const demoTips = (origin: string) => [
  'See the main job played in a second terminal: `npm run demo`',
  `Turn the clock by two days: \`curl -d '{"advance":"P2D"}' -H 'content-type: application/json' ${origin}/sandbox/clock\``,
  `See all that both sides see: \`curl ${origin}/sandbox/state\``,
];

const SLACK_TIPS = [
  'In Slack, type `/rescue`: the first to do so becomes the admin.',
  'Log a test drive: `/drive Anna Karlsson +46 70 123 45 67 BMW X5`',
  'Let WhatsApp approve the texts: `/rescue templates`',
];

async function countsOf(rooms: Rooms, now: Date): Promise<StatusView['counts']> {
  const [row] = await rooms.dispatching.db.system.query<{
    leads: number;
    planned: number;
    sent: number;
    stopped: number;
  }>(
    `select (select count(*) from leads) as leads,
       (select count(*) from messages where state = 'scheduled') as planned,
       (select count(*) from messages where direction = 'out' and sent_at > $1::timestamptz - interval '24 hours') as sent,
       (select count(*) from persons where opted_out_at is not null) as stopped`,
    [now],
  );
  return [
    { label: 'leads', value: row?.leads ?? 0 },
    { label: 'messages planned', value: row?.planned ?? 0 },
    { label: 'sent in 24 hours', value: row?.sent ?? 0 },
    { label: 'opted out', value: row?.stopped ?? 0 },
  ];
}
