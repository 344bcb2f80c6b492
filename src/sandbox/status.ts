import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import type { StatusView } from '../http/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Rooms } from '../rooms.ts';
import type { StandIns } from './demo.ts';

const { version } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

/** What the status page at `/` says. */
export async function demoStatus(rooms: Rooms, config: Config, clock: Clock, standIns: StandIns): Promise<StatusView> {
  const parked = await rooms.webhooks.parked();
  const demo = standIns.slack !== undefined;
  return {
    business: demo ? 'Nordic Motors' : 'LeadRescue',
    version,
    now: clock.now(),
    zone: demo ? 'Europe/Stockholm' : 'UTC',
    roles: [],
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
      { label: 'Slack requests', value: `${config.publicUrl}/slack/events` },
      { label: 'Twilio inbound', value: `${config.publicUrl}/webhooks/twilio/inbound` },
      { label: 'Health', value: `${config.publicUrl}/healthz` },
      { label: 'Metrics', value: `${config.publicUrl}/metrics` },
    ],
    tips: demo
      ? ['Play the main job in a second terminal: `npm run demo`']
      : ['In Slack, type `/rescue` to become the admin, then `/drive` to log a test drive.'],
    counts: [],
  };
}
