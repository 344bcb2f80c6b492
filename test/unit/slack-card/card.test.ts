import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkMessageBlocks } from '../../../src/sandbox/slack/validate.ts';
import { type CardView, cardBlocks } from '../../../src/slack/card/index.ts';
import { aCard, aMessage, aPlan, at, readAtOnce } from './a-card.ts';

interface Shown {
  type: string;
  text?: { text: string };
  elements?: {
    action_id?: string;
    style?: string;
    value?: string;
    text: { text: string } | string;
    confirm?: object;
  }[];
}

const blocksOf = (view: CardView) => cardBlocks(view).blocks as Shown[];
const words = (view: CardView) =>
  blocksOf(view)
    .map((block) => block.text?.text ?? block.elements?.map((element) => element.text).join('\n'))
    .join('\n');
const buttons = (view: CardView) =>
  blocksOf(view)
    .filter((block) => block.type === 'actions')
    .flatMap((block) => (block.elements ?? []).map((element) => element.action_id));

const stopped = (reason: string) => ({ state: 'cancelled', reason }) as const;
const allStopped = (reason: string) =>
  aPlan({ day_0: readAtOnce, day_2: stopped(reason), day_7: stopped(reason), day_14: stopped(reason) });
const wrote = (createdAt: Date) =>
  aMessage({ direction: 'in', purpose: 'inbound', stepKey: null, templateKey: null, state: 'received', createdAt });

describe('a lead card', () => {
  test('says who it is, where it stands, and each step of the plan in one line', () => {
    const card = cardBlocks(aCard());
    expect(card.text).toBe('Anna Karlsson, BMW X5: Active · follow-up 1 of 3, next Mon 23 Nov 10:00 by WhatsApp');
    expect(words(aCard()).split('\n').slice(0, 7)).toEqual([
      '*Anna Karlsson* · BMW X5',
      '<tel:+46701234567|+46 70 123 45 67> · logged by <@U0SOFIA> Sat 21 Nov 10:42',
      '*Active · follow-up 1 of 3*',
      '✓  Day 0 · Sat 21 Nov 10:42 · WhatsApp · read 10:44',
      '▸  *Day 2* · Mon 23 Nov 10:00 · WhatsApp template `drive_follow_up_1` → SMS if unreachable',
      '○  Day 7 · Sat 28 Nov 10:00 · WhatsApp template `drive_follow_up_2` → SMS if unreachable',
      '○  Day 14 · Sat 5 Dec 10:00 · WhatsApp template `drive_follow_up_3` → SMS if unreachable',
    ]);
    expect(buttons(aCard())).toEqual([
      'lead_reply',
      'lead_pause',
      'lead_won',
      'lead_lost',
      'lead_close',
      'lead_give',
      'lead_edit',
      'lead_why',
      'lead_stop',
    ]);
    expect(buttons(aCard({ mayGive: false }))).not.toContain('lead_give');
  });

  test('of a customer who replied says who waits since when, and offers the answer first', () => {
    const view = aCard({
      lead: { stage: 'replied', state: 'replied' },
      stageAt: at(22, '09:00:00'),
      endedAt: at(22, '09:00:00'),
      messages: [...allStopped('replied'), wrote(at(22, '09:00:00')), wrote(at(22, '11:30:00'))],
      talk: { owedSince: at(22, '11:30:00'), takenBy: null, agent: 'off' },
    });
    expect(words(view)).toContain('*Replied Sun 22 Nov 09:00 · follow-up stopped*');
    expect(words(view)).toContain('*Anna waits for an answer* since 11:30');
    expect(words(view)).toContain('–  Day 7 · Sat 28 Nov 10:00 · not sent: replied');
    const reply = blocksOf(view)
      .flatMap((block) => block.elements ?? [])
      .find((each) => each.action_id === 'lead_reply');
    expect(reply?.style).toBe('primary');
    expect(buttons(view)).not.toContain('lead_pause');
  });

  test('says who answers where that could be somebody else, and offers to change it', () => {
    const lead = { stage: 'replied', state: 'replied' };
    const maria = { slackUserId: 'U0MARIA', name: 'Maria Nyström' };
    const sofia = { slackUserId: 'U0SOFIA', name: 'Sofia Lindqvist' };
    const since = at(22, '11:30:00');
    const card = (talk: CardView['talk']) => aCard({ lead, messages: allStopped('replied'), talk });

    const owed = card({ owedSince: since, takenBy: null, agent: 'off' });
    expect(buttons(owed)).toEqual(expect.arrayContaining(['talk_take', 'talk_settle']));
    const byMaria = card({ owedSince: since, takenBy: maria, agent: 'off' });
    expect(words(byMaria)).toContain('since Sun 22 Nov 11:30 · Maria Nyström answers');
    expect(buttons(byMaria)).toContain('talk_hand_back');
    const byOwner = card({ owedSince: null, takenBy: sofia, agent: 'off' });
    expect(words(byOwner)).not.toContain('answers');
    expect(buttons(byOwner).filter((id) => id?.startsWith('talk_'))).toEqual([]);
    const silenced = card({ owedSince: null, takenBy: sofia, agent: 'auto' });
    expect(words(silenced)).toContain('Sofia Lindqvist answers');
    expect(buttons(silenced)).toContain('talk_hand_back');
    expect(buttons(card({ owedSince: null, takenBy: null, agent: 'auto' }))).toContain('talk_take');
  });

  test('says how each step would travel, and why not by WhatsApp', () => {
    const plan = aPlan({ day_0: readAtOnce });
    const [, day2, day7, day14] = plan;
    if (!day2 || !day7 || !day14) throw new Error('no plan');
    const view = aCard({
      messages: plan,
      windowUntil: at(23, '14:03:00'),
      ways: {
        [day2.id]: { channel: 'whatsapp', free: true, fallback: 'sms' },
        [day7.id]: { channel: 'sms', trouble: 'paused', fallback: 'email' },
        [day14.id]: { channel: 'none', reason: 'template_needed' },
      },
    });
    expect(words(view)).toContain("WhatsApp's window is open until Mon 23 Nov 14:03: free text until then");
    expect(words(view)).toContain('10:00 · WhatsApp free text while the window is open → SMS if unreachable');
    expect(words(view)).toContain('10:00 · SMS, WhatsApp has paused its template → e-mail if unreachable');
    expect(words(view)).toContain('would wait: WhatsApp needs an approved template');
  });

  test('says before it is due that a step will find WhatsApp’s limit of new people used up', () => {
    const plan = aPlan({ day_0: readAtOnce });
    const [, day2, day7] = plan;
    if (!day2 || !day7) throw new Error('no plan');
    const full = { most: 250, until: at(28, '15:30:00') };
    const view = aCard({
      messages: plan,
      ways: {
        [day2.id]: { channel: 'whatsapp', free: false, fallback: 'sms', full },
        [day7.id]: { channel: 'whatsapp', free: false, fallback: null, full },
      },
    });
    const limit = 'WhatsApp takes 250 new people a day, used up until about';
    expect(words(view)).toContain(`${limit} Sat 28 Nov 15:30: goes by SMS`);
    expect(words(view)).toContain(`${limit} 15:30: waits until then`);
  });

  test('of a wrong number asks to correct it and offers nothing that writes there', () => {
    const view = aCard({
      lead: { stage: 'contacted', state: 'replied' },
      messages: allStopped('replied'),
      wrongNumber: true,
    });
    expect(words(view)).toContain('*This number belongs to somebody else:* nothing goes there, please correct it');
    expect(buttons(view)[0]).toBe('number_correct');
    expect(buttons(view)).not.toContain('lead_reply');
  });

  test('shows a reply under way with the second it leaves, and Undo', () => {
    const reply = aMessage({
      purpose: 'reply',
      stepKey: null,
      templateKey: null,
      authorId: 'sofia' as never,
      dueAt: at(22, '12:00:10'),
    });
    const view = aCard({ messages: [...allStopped('replied'), reply], authors: { sofia: 'Sofia Lindqvist' } });
    expect(words(view)).toContain('▸  Reply by Sofia Lindqvist · leaves 12:00:10 · WhatsApp');
    expect(buttons(view)).toContain('message_undo');
  });

  test('of a person who opted out offers nothing that writes to them', () => {
    const optedOutAt = at(22, '10:58:00');
    const view = aCard({ lead: { state: 'opted_out', optedOutAt }, messages: allStopped('opted_out') });
    expect(words(view)).toContain('*Opted out Sun 22 Nov 10:58 · nothing more goes out on any channel*');
    expect(buttons(view)).toEqual(['lead_won', 'lead_lost', 'lead_close', 'lead_give', 'lead_edit', 'lead_why']);
  });

  test('of a person who opted in again says so, and offers Reply', () => {
    const view = aCard({ lead: { state: 'opted_out', optedOutAt: null }, messages: allStopped('opted_out') });
    expect(words(view)).toContain('*Opted out and in again · follow-up ended*');
    expect(buttons(view)).toContain('lead_reply');
  });

  test('says when everything waits because the customer may have asked to stop', () => {
    const held = { state: 'held', reason: 'unsure' } as const;
    const view = aCard({
      lead: { state: 'paused' },
      messages: aPlan({ day_0: readAtOnce, day_2: held, day_7: held, day_14: held }),
    });
    expect(words(view)).toContain('*Paused · 3 messages wait*\nThe customer may have asked to stop');
    expect(buttons(view)).toContain('lead_resume');
    expect(buttons(view)).not.toContain('message_resend');
  });

  test('asks about a message that may have left, and warns that sending again may double it', () => {
    const view = aCard({
      messages: aPlan({ day_0: readAtOnce, day_2: { state: 'unconfirmed', reason: 'no_answer', attempt: 1 } }),
    });
    expect(words(view)).toContain('!  Day 2 · Mon 23 Nov 10:00 · WhatsApp · *may have left, and nobody can say*');
    expect(words(view)).toContain('the gateway could not say whether it took the message');
    expect(buttons(view).slice(0, 2)).toEqual(['message_resend', 'message_leave']);
    expect(JSON.stringify(blocksOf(view))).toContain('gets the same message twice');
  });

  test('offers no resend where it would not leave: after a reply, after an opt-out', () => {
    const messages = aPlan({ day_0: readAtOnce, day_2: { state: 'unconfirmed', reason: 'no_answer' } });
    const replied = aCard({ lead: { state: 'replied', stage: 'replied' }, messages });
    expect(buttons(replied)).toContain('message_leave');
    expect(buttons(replied)).not.toContain('message_resend');
    const optedOut = aCard({ lead: { state: 'opted_out', optedOutAt: at(22, '10:00:00') }, messages });
    expect(buttons(optedOut)).not.toContain('message_resend');
  });

  test('says that a message is uncertain while the gateway is being asked', () => {
    const view = aCard({ messages: aPlan({ day_0: { state: 'uncertain', attempt: 1 } }) });
    expect(words(view)).toContain('may have left; the gateway is being asked, and it is not sent again meanwhile');
  });

  test('asks before it ends a follow-up that still has something planned, and only then', () => {
    const confirmed = (view: CardView) =>
      blocksOf(view)
        .flatMap((block) => block.elements ?? [])
        .filter((each) => each.confirm)
        .map((each) => each.action_id);
    expect(confirmed(aCard())).toEqual(['lead_won', 'lead_lost', 'lead_close', 'lead_stop']);
    const replied = aCard({ lead: { state: 'replied', stage: 'replied' }, messages: allStopped('replied') });
    expect(confirmed(replied)).toEqual(['lead_stop']);
  });

  test('keeps to the moves that the pipeline allows', () => {
    const won = aCard({ lead: { stage: 'won', state: 'converted' }, stageAt: at(22, '12:00:00'), messages: [] });
    expect(words(won)).toContain('*Won Sun 22 Nov 12:00 · follow-up ended*');
    expect(buttons(won)).toEqual(['lead_reply', 'lead_lost', 'lead_give', 'lead_edit', 'lead_why', 'lead_stop']);
  });

  test('tells where the customer keeps another time than the reader', () => {
    expect(words(aCard({ customerZone: 'America/New_York' }))).toContain(
      "Times are Stockholm's; Anna's clock (New York) is 6 h behind.",
    );
    expect(words(aCard({ customerZone: 'Europe/Paris' }))).not.toContain('Times are');
  });

  test('tells where the licence photo is', () => {
    expect(words(aCard({ photo: 'stored:deleted' }))).toContain('stored encrypted, and deleted from Slack');
    expect(words(aCard({ photo: 'failed' }))).toContain('could not be fetched from Slack');
    expect(words(aCard())).not.toContain('Licence photo');
  });

  test("shows people's words as words: they ring nobody, link nowhere and end no bold", () => {
    const view = aCard({
      lead: {
        name: '<!channel> *Anna*',
        fields: { car: '<@U0ERIK> & <https://x.example|click>', note: 'a\n*b*\u202e' },
      },
    });
    const shown = JSON.stringify(cardBlocks(view));
    expect(shown).not.toMatch(/<!channel>|<@U0ERIK>|<https/);
    expect(words(view)).toContain('*&lt;!channel&gt; ∗Anna∗* · &lt;@U0ERIK&gt; &amp; &lt;https://x.example|click&gt;');
    expect(words(view)).toContain('Note: a *b*');
  });

  test("fits Slack's limits, whatever is in it", () => {
    const state = fc.constantFrom(
      'scheduled',
      'claimed',
      'sending',
      'uncertain',
      'held',
      'sent',
      'read',
      'failed',
      'unconfirmed',
      'skipped',
      'cancelled',
      'received',
    );
    const text = fc.string({ unit: 'grapheme', maxLength: 1500 });
    const message = fc
      .record({
        state,
        reason: fc.option(text),
        stepKey: fc.option(text),
        templateKey: fc.option(text),
        channel: fc.constantFrom('whatsapp', 'sms', 'email'),
        purpose: fc.constantFrom('cadence', 'reply', 'inbound', 'notice'),
      })
      .map((changes) => aMessage(changes));
    const view = fc
      .record({
        name: text,
        car: text,
        note: text,
        leadState: fc.constantFrom(
          'active',
          'paused',
          'replied',
          'opted_out',
          'converted',
          'closed',
          'completed',
          null,
        ),
        stage: fc.constantFrom('new', 'contacted', 'replied', 'won', 'lost', 'closed', 'elsewhere'),
        optedOutAt: fc.option(fc.constant(at(22, '10:00:00'))),
        messages: fc.array(message, { maxLength: 80 }),
      })
      .map(({ name, car, note, leadState, stage, optedOutAt, messages }) =>
        aCard({ lead: { name, fields: { car, note }, state: leadState, stage, optedOutAt }, messages }),
      );
    fc.assert(
      fc.property(view, (each) => {
        const { text: fallback, blocks } = cardBlocks(each);
        expect(checkMessageBlocks(blocks)).toMatchObject({ ok: true });
        expect(fallback.length).toBeLessThan(4000);
      }),
      { numRuns: 80 },
    );
  });
});
