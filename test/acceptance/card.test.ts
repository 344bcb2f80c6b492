import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { ANDERS, MARIA, openShop, type Shop, SOFIA } from './shop.ts';
import type { Message } from './slack-api.ts';
import { asText, buttonsOf, labelOf, wordsOf } from './slack-words.ts';

jest.setTimeout(60_000); // another program is started and waited for

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.toMonday();
  await shop.slack.slash(ANDERS, '/rescue');
}, 120_000); // it may be the first to build
afterAll(() => shop?.close());

let serial = 0;
/** A customer of Sofia's whose first message has arrived, and the card. */
async function customer(name: string): Promise<{ phone: string; card: Message }> {
  await shop.toMonday();
  const phone = `+467017406${10 + serial++}`;
  await shop.drive(SOFIA, { Customer: name, Mobile: phone, Note: 'Likes red' });
  await shop.carrier.reaches(phone, 1);
  return { phone, card: await shop.slack.finds(SOFIA, name, /Day 0 · .* delivered/) };
}

const shown = (message: Message) => wordsOf(message.blocks);
const buttons = (message: Message) => buttonsOf(message.blocks).map(labelOf);
const later = (phone: string) => shop.carrier.to(phone).slice(1);
/** The card is updated in place: the same message. */
const shows = (card: Message, words: string | RegExp) =>
  until(
    () => shown(card).search(words) >= 0,
    () => `"${words}" on the card:\n${shown(card)}`,
  );
const whispered = (words: RegExp) =>
  until(
    () => shop.slack.whispersTo(SOFIA).findLast(({ text, blocks }) => words.test(`${text}\n${wordsOf(blocks)}`)),
    String(words),
  );

describe('the card', () => {
  test('says who, what, what is planned and what can be done, with text for those who see no blocks', async () => {
    const { card } = await customer('Anna Karlsson');
    expect(card.channel).toBe(`D${SOFIA}`);
    expect(card.thread).toBeUndefined();
    expect(card.text).toMatch(/Anna Karlsson, BMW X5: .*Wed/);
    expect(shown(card)).toMatch(/Anna Karlsson\* · BMW X5\n.*logged by <@U0SOFIA> Mon/);
    expect(shown(card)).toMatch(/Active · follow-up 1 of 3/);
    expect(shown(card)).toMatch(/Day 0 · Mon .* SMS · delivered 1[01]:3\d/);
    expect(shown(card)).toMatch(/▸ {2}\*Day 2\* · Wed \d+ \w+(?: \d{4})? 10:00/);
    expect(shown(card)).toMatch(/Day 7 · Mon .*\n.*Day 14 · Mon/);
    expect(shown(card)).toContain('Note: Likes red');
    expect(buttons(card)).toEqual(['Reply', 'Pause', 'Won', 'Lost', 'Close', 'Edit', 'Why?', 'Stop']);
    expect(JSON.stringify(card.metadata)).not.toMatch(/Anna|BMW|\+46/);
  });

  test('a customer who answers: quoted in the thread, the salesperson called, the follow-up over', async () => {
    const { phone, card } = await customer('Bea Borg');
    await shop.carrier.writes(phone, 'Hej! *Finns* den kvar?\nSom <b>ny</b>');
    const note = await shop.slack.finds(SOFIA, 'Bea Borg', '> Hej!', '&lt;b&gt;ny');
    expect(note.thread).toBe(card.ts);
    expect(shown(note)).toContain(`<@${SOFIA}>`);
    expect(note.text).toContain('Bea Borg replied');
    await shows(card, /Replied .* follow-up stopped/);
    await shows(card, 'waits for an answer');
    expect(buttons(card)).not.toContain('Pause');
    await shop.turn('P15D');
    expect(later(phone)).toEqual([]);
  });
});

describe('Reply', () => {
  /** Types a reply and sends it past the preview. */
  async function reply(from: Message, words: string) {
    shop.slack.views.clear();
    await shop.slack.press(SOFIA, from, 'Reply');
    await shop.slack.opens(SOFIA, 'Your words');
    await shop.slack.submit(SOFIA, { 'Your words': words });
    const preview = await shop.slack.opens(SOFIA, 'Send this?');
    expect(wordsOf(preview).split('\n')).toEqual(expect.arrayContaining(words.split('\n')));
    await shop.slack.submit(SOFIA, {});
  }

  test('shows exactly what leaves, waits ten seconds, and goes out as it was typed', async () => {
    const { phone, card } = await customer('Cia Corn');
    await shop.carrier.writes(phone, 'Hur mycket kostar den?');
    await shows(card, 'Replied');
    const words = 'Hej Cia! *4 990 kr/mån* & <inget> mer.\nRing mig på 08-123 :)';
    await reply(card, words);
    const note = await shop.slack.finds(SOFIA, 'Reply leaves in 10 s');
    expect(note.thread).toBe(card.ts);
    expect(later(phone)).toEqual([]);
    await shop.turn('PT11S');
    const sent = await shop.carrier.reaches(phone, 2);
    expect(sent.body).toBe(words);
    expect(sent.channel).toBe('sms');
    await until(
      () => /Reply sent/.test(shown(note)),
      () => shown(note),
    );
    expect(buttons(note)).not.toContain('Undo');
    await shows(card, /Reply by Sofia .* delivered/);
    expect(shown(card)).not.toContain('waits for an answer');
    await shop.turn('P1D');
    expect(later(phone)).toHaveLength(1);
  });

  test('goes where the customer wrote: free text by WhatsApp within the day', async () => {
    const { phone, card } = await customer('Dag Dahl');
    await shop.carrier.writes(`whatsapp:${phone}`, 'Hej');
    await shows(card, 'Replied');
    await reply(card, 'Hej Dag!');
    await shop.turn('PT11S');
    const sent = await shop.carrier.reaches(phone, 2);
    expect(sent).toMatchObject({ channel: 'whatsapp', body: 'Hej Dag!', contentSid: undefined });
  });

  test('can be taken back before it leaves', async () => {
    const { phone, card } = await customer('Ebba Ek');
    await reply(card, 'Oops, wrong person');
    const note = await shop.slack.finds(SOFIA, 'Reply leaves in 10 s', 'wrong person');
    await shop.slack.press(SOFIA, note, 'Undo');
    await until(
      () => /taken back/.test(shown(note)),
      () => shown(note),
    );
    await shop.turn('PT1H');
    expect(later(phone)).toEqual([]);
  });

  test('sent twice from the same window it leaves once', async () => {
    const { phone, card } = await customer('Frej Falk');
    shop.slack.views.clear();
    await shop.slack.press(SOFIA, card, 'Reply');
    await shop.slack.opens(SOFIA, 'Your words');
    await shop.slack.submit(SOFIA, { 'Your words': 'Once only' });
    const preview = await shop.slack.opens(SOFIA, 'Send this?');
    await Promise.all([1, 2, 3].map(() => shop.slack.submit(SOFIA, {}, preview)));
    await shop.turn('PT1M');
    expect(later(phone).map(({ body }) => body)).toEqual(['Once only']);
  });

  test('says at the field what cannot be sent, and refuses somebody who stopped meanwhile', async () => {
    const { phone, card } = await customer('Gun Grip');
    await shop.slack.press(SOFIA, card, 'Reply');
    await shop.slack.opens(SOFIA, 'Your words');
    const empty = await shop.slack.submit(SOFIA, { 'Your words': '   ' });
    expect(Object.keys(empty.errors)).toEqual(['Your words']);
    await shop.slack.submit(SOFIA, { 'Your words': 'Hello' });
    await shop.slack.opens(SOFIA, 'Send this?');
    await shop.carrier.writes(phone, 'STOP');
    await shop.slack.submit(SOFIA, {});
    expect(wordsOf(shop.slack.modal(SOFIA))).toMatch(/asked Nordic Motors not to write|opted out/);
    await shop.turn('PT1H');
    expect(later(phone)).toEqual([]);
  });
});

describe('the buttons', () => {
  test('Pause holds what is planned, Resume lets it go', async () => {
    const { phone, card } = await customer('Hedda Holm');
    await shop.slack.press(SOFIA, card, 'Pause');
    await whispered(/Paused: nothing goes to Hedda/);
    await shows(card, 'Paused · 3 messages wait');
    await shop.turn('P3D');
    expect(later(phone)).toEqual([]);
    await shop.slack.press(SOFIA, card, 'Resume');
    await shows(card, 'Active');
    await shop.turn('P20D');
    expect(later(phone).length).toBeGreaterThanOrEqual(2);
    expect(new Set(later(phone).map(({ body }) => body)).size).toBe(later(phone).length);
  });

  test.each(['Won', 'Lost', 'Close'])('%s ends it, after Slack asked', async (label) => {
    const { phone, card } = await customer(`Ida ${label}`);
    const button = buttonsOf(card.blocks).find((each) => labelOf(each) === label);
    expect(wordsOf(button?.confirm)).toContain('3 planned messages are cancelled');
    await shop.slack.press(SOFIA, card, label);
    await whispered(new RegExp(`${label}.*Ida.*has ended`));
    await shows(card, /follow-up ended/);
    expect(buttons(card)).not.toContain('Pause');
    await shop.turn('P15D');
    expect(later(phone)).toEqual([]);
    await shop.slack.finds(ANDERS, new RegExp(`Ida ${label}`));
  });

  test('Why? tells of each step when and why, or why not', async () => {
    const { phone, card } = await customer('Jan Jern');
    await shop.turn('P2D');
    await shop.carrier.reaches(phone, 2);
    await shop.carrier.writes(phone, 'Is it still available?');
    await shows(card, 'Replied');
    shop.slack.views.clear();
    await shop.slack.press(SOFIA, card, 'Why?');
    const words = wordsOf(await shop.slack.opens(SOFIA, 'Why?'));
    expect(words).toContain('Is it still available?');
    expect(words).toMatch(/Day 0\* – delivered Mon .* by SMS\. Proof: event \d+/);
    expect(words).toMatch(/Day 2\* – delivered Wed .* by SMS/);
    expect(words).toMatch(/Day 7\* – .*replied.*planned for/s);
    expect(words).toMatch(/Day 14\* – .*replied/s);
    expect(words).toContain('2 planned messages were cancelled');
  });

  test('pressed twice at once, a button acts once and nobody sees an error', async () => {
    const { card } = await customer('Kim Kask');
    await Promise.all([shop.slack.press(SOFIA, card, 'Won'), shop.slack.press(SOFIA, card, 'Won')]);
    await shows(card, /Won .* follow-up ended/);
    expect(
      shop.slack
        .whispersTo(SOFIA)
        .map(({ text }) => text)
        .join('\n'),
    ).not.toContain('Something went wrong');
  });
});

describe('the thread', () => {
  test('is for colleagues: what they write there reaches nobody', async () => {
    const { phone, card } = await customer('Lo Lund');
    for (const text of ['ring honom!', 'STOP', `<@U0BOT> send this to Lo`]) {
      expect((await shop.slack.say(SOFIA, card.channel, card.ts, text)).status).toBe(200);
    }
    await shop.turn('PT1H');
    expect(later(phone)).toEqual([]);
    await shows(card, 'Active');
  });
});

describe('the activity feed', () => {
  test('goes to the admin until a channel is set, then there; never to a shared channel', async () => {
    const { phone } = await customer('Mona Moln');
    await shop.slack.finds(ANDERS, 'First message sent to Mona Moln (BMW X5)');
    expect((await shop.slack.slash(ANDERS, '/rescue', 'feed', { channel: 'C0SHARED' })).words).toContain(
      'shared with another company',
    );
    expect((await shop.slack.slash(SOFIA, '/rescue', 'feed', { channel: 'C0FEED' })).words).toMatch(/only admins/i);
    expect((await shop.slack.slash(ANDERS, '/rescue', 'feed', { channel: 'C0FEED' })).words).toContain(
      'goes to this channel',
    );
    await shop.carrier.writes(phone, 'STOP');
    const feed = () =>
      shop.slack.messages
        .filter(({ channel }) => channel === 'C0FEED')
        .map((message) => `${message.text}\n${shown(message)}`);
    await until(
      () => feed().some((line) => /Opt-out: .* Mona Moln/.test(line)),
      () => `the news in ${feed().join('\n')}`,
    );
    expect(shop.slack.messages.some(({ channel }) => channel === 'C0SHARED')).toBe(false);
  });

  test('cards go to a channel where the admin wants that', async () => {
    expect((await shop.slack.slash(ANDERS, '/rescue', 'cards', { channel: 'C0CARDS' })).words).toContain(
      'this channel',
    );
    await shop.toMonday();
    await shop.drive(SOFIA, { Customer: 'Nils Norr', Mobile: '+46701740680' });
    const card = await until(() => shop.slack.messages.find(({ channel }) => channel === 'C0CARDS'), 'the card');
    await shows(card, 'Nils Norr');
    // everybody in the channel sees it, the lead stays its owner's
    await shop.slack.press(MARIA, card, 'Won');
    await until(() => shop.slack.whispersTo(MARIA).find(({ text }) => /colleague/.test(text)), 'a refusal');
    expect(shown(card)).not.toContain('Won Mon');
  });
});

test('everything posted has text for those who see no blocks, and fits Slack', () => {
  for (const message of shop.slack.messages) {
    expect(message.text).not.toBe('');
    expect(JSON.stringify(message.blocks ?? []).length).toBeLessThan(12_000);
  }
  expect(asText(shop.product.output().match(/"level":"error".*/)?.[0])).toBe('');
});
