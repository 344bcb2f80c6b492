import { newSigningKey } from '../../src/audit/index.ts';
import type { AppProcess } from './processes.ts';
import { openSite, phoneOf, type Site } from './site.ts';

/* Two web and three worker processes on one database, as on several machines. */

export interface Machines {
  site: Site;
  web: [AppProcess, AppProcess];
  workers: [AppProcess, AppProcess, AppProcess];
}

/** Messages a second: slow enough that nobody takes all of them at once. */
const RATE = 60;

/** `patient`: leases and ticks take their real time. */
export async function openMachines(options: { people: number; rounds: number; patient: boolean }): Promise<Machines> {
  const site = await openSite({
    balanced: true,
    auditKey: newSigningKey(),
    httpTimeoutMs: 3000,
    rate: RATE,
    patient: options.patient,
  });
  try {
    await site.people(options.people, options.rounds);
    const start = site.start;
    const [a, b, c, d, e] = await Promise.all([
      start('web'),
      start('web'),
      start('worker'),
      start('worker'),
      start('worker'),
    ]);
    return { site, web: [a, b], workers: [c, d, e] };
  } catch (error) {
    await site.close();
    throw error;
  }
}

/** How many messages each worker has sent. */
export async function shares({ site, workers }: Machines): Promise<number[]> {
  const rows = await site.database.db.system.query<{ worker: number; n: number }>(
    `select worker, count(*) as n from sends where state = 'accepted' group by 1`,
  );
  return workers.map(({ worker }) => rows.find((row) => row.worker === worker)?.n ?? 0);
}

/**
 * Lets one of these workers die while it has messages in hand, claimed or on their way: whichever has some, as one may take
 * all that is due. Returns it, and the database's time afterwards.
 */
export async function killWithWork(
  { site }: Machines,
  workers: readonly AppProcess[],
): Promise<{ victim: AppProcess; at: Date }> {
  const busy = `select coalesce(
    (select lease_owner from messages where state = 'claimed' and lease_owner = any($1::integer[]) limit 1),
    (select worker from sends where state = 'sending' and worker = any($1::integer[]) limit 1)) as value`;
  let victim: AppProcess | undefined;
  await site.until('one of them has work', async () => {
    const number = await site.one<number | null>(busy, [workers.map(({ worker }) => worker)]);
    victim = workers.find(({ worker }) => worker === number);
    return victim !== undefined;
  });
  if (!victim) throw new Error('nobody has work');
  await victim.kill9();
  return { victim, at: await site.one<Date>('select clock_timestamp() as value') };
}

const TICKS = ['messages', 'effects', 'housekeeping', 'phones', 'alerts', 'seal', 'reports'];

/**
 * What only one process does at a time, and whether somebody has done it since `at`: each tick, the claims of the dead, the
 * outbox, sealing, counting. Returns what has not been done yet.
 */
export async function undone({ site }: Machines, dead: AppProcess[], at: Date): Promise<string[]> {
  const ticks = await site.database.db.system.query<{ name: string }>(
    'select name from agenda_jobs where last_run_at > $1',
    [at],
  );
  const ran = new Set(ticks.map(({ name }) => name));
  const left = {
    claims: `select count(*) as value from messages where state = 'claimed' and lease_owner = any($1::integer[])`,
    effects: 'select count(*) as value from effects where parked_at is null and lease_until < clock_timestamp()',
    sealing: 'select count(*) as value from events where at < $1 and id > (select max(top_id) from seal_rounds)',
    counting: `select count(*) as value from leads l where not exists (
      select from report_leads r where r.lead_id = l.id and r.tenant_id = l.tenant_id)`,
  };
  const counts = await Promise.all([
    site.one<number>(left.claims, [dead.map(({ worker }) => worker)]),
    site.one<number>(left.effects),
    site.one<number>(left.sealing, [site.clock.now()]),
    site.one<number>(left.counting),
  ]);
  return [
    ...TICKS.filter((name) => !ran.has(name)).map((name) => `tick ${name}`),
    ...Object.keys(left).filter((_, n) => (counts[n] ?? 0) > 0),
  ];
}

/** The machine's time passes for ticks and effects that a dead process had: their leases run out. */
export async function expireLeases({ site }: Machines): Promise<void> {
  await site.database.db.system.query(
    `update agenda_jobs set locked_at = locked_at - interval '15 seconds' where locked_at is not null`,
  );
  await site.database.db.system.query(
    `update effects set lease_until = lease_until - interval '20 seconds' where lease_until is not null`,
  );
}

/** A lead that is logged now, after everybody else. */
export async function logLead({ site }: Machines, person: number): Promise<void> {
  await site.rooms.capture.capture(site.tenant.id, {
    playbook: 'test-drive',
    source: 'slack',
    sourceKey: `person ${person}`,
    ownerId: site.sofia.id,
    actor: `staff:${site.sofia.id}`,
    name: `Person ${person}`,
    phone: phoneOf(person),
    email: '',
    language: 'sv',
    fields: { car: 'BMW X5' },
    consentGiven: true,
  });
}
