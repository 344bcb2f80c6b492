import { test } from '@jest/globals';
import { newId } from '../../../src/lib/ids.ts';
import { openWorld, WHATSAPP_SENDER } from '../../support/world.ts';
test('perf', async () => {
  const world = await openWorld();
  const sofia = await world.hire('Sofia', 'salesperson');
  const phones: string[] = [];
  for (let i = 0; i < 200; i++) {
    const phone = `+46701750${String(100 + i)}`;
    await world.drive(sofia, { phone });
    phones.push(phone);
  }
  await world.settle(); await world.twilio.idle();
  await world.twilio.idle(); await world.settle();
  const [before] = await world.database.db.system.query(`select deadlocks, (select setting from pg_settings where name = 'log_directory') as d from pg_stat_database where datname = current_database()`); process.stdout.write(`before ${JSON.stringify(before)}\n`);
  const times: number[] = [];
  const work: Promise<void>[] = [];
  const start = performance.now(); const cpu = process.cpuUsage();
  for (let i = 0; i < 600; i++) {
    const due = start + i * 20;
    while (performance.now() < due) await new Promise((r) => setTimeout(r, 1));
    const t = performance.now();
    work.push(world.rooms.inbox.receive({ gatewayId: newId(), accountSid: 'AC1', channel: 'whatsapp', from: phones[i % 200] as string, to: WHATSAPP_SENDER, body: 'Hej, finns bilen kvar och vad kostar den?', media: i % 5 ? [] : [{ url: 'https://api.twilio.com/x', contentType: 'image/jpeg' }] }, 'twilio.inbound', {}).then(() => { times.push(performance.now() - t); }));
  }
  await Promise.all(work);
  const used = process.cpuUsage(cpu); process.stdout.write(`cpu per message ${(used.user + used.system) / 600_000} ms, wall ${performance.now() - start}\n`);
  times.sort((a, b) => a - b);
  const [dead] = await world.database.db.system.query(`select deadlocks from pg_stat_database where datname = current_database()`);
  process.stdout.write(`p50 ${times[300]} p95 ${times[570]} p99 ${times[594]} max ${times[599]} ${JSON.stringify(dead)}\n`);
  await world.close();
}, 60000);
