import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ANNA, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.toMonday();
  await stage.drive();
}, 60_000);
afterAll(() => stage.close());

const clock = async () => {
  const shown = (await stage.state()).one('clock');
  if (!shown) throw new Error('no clock');
  return shown;
};
const now = async () => Date.parse((await clock()).now);
const DAY = 86_400_000;

describe('the clock at the page', () => {
  test('goes to the next planned message of anybody, which then has left', async () => {
    const { next } = await clock();
    await stage.act({ act: 'turn', to: 'next' });
    const lead = (await stage.state()).lead('Anna Karlsson');
    expect(lead.steps[1]).toMatchObject({ label: 'Day 2', state: 'delivered' });
    expect((await now()) - Date.parse(next ?? '')).toBeLessThan(30_000);
    expect((await clock()).next).toBe(lead.steps[2]?.at);
  });

  test('goes on by a duration', async () => {
    const before = await now();
    await stage.act({ act: 'turn', to: { advance: 'PT2H' } });
    expect((await now()) - before).toBeGreaterThanOrEqual(DAY / 12);
  });

  test('goes to a time, by way of everything due in between, in order and each at its time, and says that it turns', async () => {
    await stage.drive('Bo Ek', '+46701740655');
    const to = new Date((await now()) + 20 * DAY);
    const page = await stage.follow();
    await stage.act({ act: 'turn', to: { until: to.toISOString() } });
    await page.until('the end', (seen) => seen.one('clock')?.turning === false && seen.one('clock')?.next === null);
    const turns = page.patches.flatMap(({ put }) => (put.clock ? [(put.clock as { turning: boolean }).turning] : []));
    expect(turns).toContain(true);
    page.leave();
    expect(await now()).toBeGreaterThanOrEqual(to.getTime());
    const shown = await stage.state();
    for (const name of ['Anna Karlsson', 'Bo Ek']) {
      expect(shown.lead(name).steps.map(({ state }) => state)).toEqual(Array(4).fill('delivered'));
      expect(shown.lead(name).state).toBe('completed');
    }
    const times = shown.all('text').map(({ at }) => at);
    expect(times).toHaveLength(8);
    expect(times).toEqual([...times].sort());
    const sentAt = shown.texts(ANNA).map(({ at }) => Date.parse(at));
    const due = shown.lead('Anna Karlsson').steps.map(({ at }) => Date.parse(at));
    for (const [i, at] of sentAt.entries()) expect(Math.abs(at - (due[i] ?? 0))).toBeLessThan(60_000);
  });

  test('does one turn after the other', async () => {
    const before = await now();
    await Promise.all([1, 2, 3].map(() => stage.act({ act: 'turn', to: { advance: 'P1D' } })));
    expect((await now()) - before).toBeGreaterThanOrEqual(3 * DAY);
  });

  test('comes back to real time, and all goes on from there', async () => {
    await stage.act({ act: 'turn', to: 'real' });
    const { offset, machine } = await clock();
    expect(offset).toBe(0);
    expect(Math.abs((await now()) - machine)).toBeLessThan(5000);
    await stage.drive('Cilla Dahl', '+46701740656');
    await stage.act({ act: 'write', number: ANNA, channel: 'whatsapp', body: 'Hej igen' });
    await stage.until('the reply', (shown) =>
      shown.lead('Anna Karlsson').steps.some(({ direction }) => direction === 'in'),
    );
    await stage.toMonday();
    await stage.until('day 0', (shown) => shown.texts('+46701740656').some(({ status }) => status === 'delivered'));
  });

  test('is set back in the middle of a turn, which then ends', async () => {
    await stage.act({ act: 'mischief', kind: 'slow', on: true });
    const turning = stage.act({ act: 'turn', to: { advance: 'P20D' } });
    await stage.until('turning', (shown) => shown.one('clock')?.turning);
    await stage.act({ act: 'turn', to: 'real' });
    expect(await turning).toEqual({});
    expect(await clock()).toMatchObject({ offset: 0, turning: false });
    await stage.act({ act: 'mischief', kind: 'slow', on: false });
  });

  test.each([
    [{ advance: '-P1D' }, /up to 400 days/],
    [{ advance: 'P401D' }, /up to 400 days/],
    [{ advance: 'tomorrow' }, /up to 400 days/],
    [{ until: '2020-01-01T00:00:00Z' }, /has passed/],
    [{ until: '2099-01-01T00:00:00Z' }, /up to 400 days/],
    [{ until: 'Monday' }, /Write the time like/],
  ])('is not turned by %j', async (to, words) => {
    const { status, body } = await stage.post({ act: 'turn', to });
    expect(status).toBe(400);
    expect(body.error).toMatch(words);
  });
});

test('where nothing is planned there is no next', async () => {
  await stage.act({ act: 'turn', to: { advance: 'P30D' } });
  expect(await stage.post({ act: 'turn', to: 'next' })).toEqual({
    status: 400,
    body: { error: 'Nothing is planned: log a test drive first.' },
  });
});
