import type { Intent } from './concepts.ts';

/**
 * Which concepts together mean which intent, with a weight: 2 is a hint, 4 likely, 6 and more as good as sure; the
 * heaviest wins. `A|B` is one of them, `!A` none; all are looked for in one sentence, then in the whole message. The
 * weights are ranks made by hand, not learnt.
 */
export const RULES: Readonly<
  Partial<Record<Intent, readonly (readonly [name: string, weight: number, when: string])[]>>
> = {
  wrong_number: [
    ['wrong_number', 9, 'WRONG !MISSENT !BOOK'],
    ['stranger', 4, 'STRANGER !IF !ASK'],
    ['stranger_named', 4.2, 'STRANGER NAME'],
  ],
  complaint: [
    ['angry', 6.5, 'ANGRY'],
    ['unheard', 7.2, 'UNHEARD !TECH'],
    ['unheard_by_machine', 5, 'UNHEARD'],
    ['promise_broken', 6, 'PROMISE'],
    ['waited', 5, 'WAITED'],
    ['broken_again', 5, 'BROKEN'],
    ['grumbling', 2.7, 'GRUMBLE !ASK'],
    ['redress', 6, 'REFUND !IF !ASK'],
    ['redress_asked', 4, 'REFUND !IF'],
  ],
  reschedule: [
    ['cancelled', 7.5, 'CANCEL APPT|DAY|CLOCK|MOVE !IF'],
    ['moved', 7, 'MOVE APPT|DAY|CLOCK'],
    ['moved_somewhen', 6.1, 'MOVE'],
    ['cannot_come', 7, 'CANTCOME !IF !NOTNOW !TECH !STRANGER'],
    ['cannot', 4, 'CANTCOME'],
    ['late', 7.1, 'LATE !ANGRY !BROKEN'],
    ['cancelled_what', 3, 'CANCEL !IF !ASK'],
  ],
  callback: [
    ['call_me', 7, 'CALLME !ICALL !UNHEARD !PROMISE !WAITED !TONGUE'],
    ['call_me_but', 4, 'CALLME !TONGUE'],
    ['call_then', 3, 'CALL DAY|CLOCK !NEG !ICALL'],
  ],
  question_price: [
    ['how_much', 6.5, 'HOWMUCH'],
    ['price_asked', 5, 'PRICE ASK'],
    ['finance_asked', 4.6, 'FINANCE ASK !IF'],
    ['discount_asked', 5, 'DISCOUNT ASK'],
    ['price', 3, 'PRICE|DISCOUNT|FINANCE'],
    ['amount_asked', 4, 'MONEY ASK'],
    ['amount_offered', 7, 'MONEY TAKE ASK'],
  ],
  book: [
    ['book_then', 7, 'BOOK DAY|CLOCK !CANCEL !NEG !ANGRY'],
    ['book', 6, 'BOOK !CANCEL !NEG !ANGRY'],
    ['book_but', 4.5, 'BOOK !CANCEL !UNHEARD !PROMISE !ANGRY'],
    ['come_then', 5.5, 'COME DAY|CLOCK !NEG !ICALL'],
    ['come', 4, 'COME CAN'],
    ['suits', 5, 'WORKS DAY|CLOCK !NEG !TOPIC !HOURS !WISH'],
    ['free_slot', 6, 'FREE !HOURS'],
    ['free_slot_open', 4, 'FREE'],
    ['want_appointment', 5, 'APPT WANT !NEG'],
    ['appointment_asked', 4, 'APPT ASK CAN'],
    ['appointment_then', 3, 'APPT DAY|CLOCK'],
    ['need_then', 5.5, 'WANT DAY|CLOCK !NEG'],
    ['when_asked', 2.2, 'DAY|CLOCK ASK'],
    ['yes_then', 4, 'FIRST_YES DAY|CLOCK'],
    ['day_and_time', 3.2, 'DAY CLOCK'],
  ],
  help: [
    ['technical_trouble', 7, 'TECH|SITE TROUBLE'],
    ['help_me', 6, 'HELPME'],
    ['technical_question', 4.6, 'TECH ASK'],
    ['technical', 2, 'TECH'],
  ],
  not_interested: [
    ['not_interested', 7.5, 'NOINTEREST !ASK !WRONG'],
    ['not_interested_asked', 3, 'NOINTEREST'],
    ['have_one', 6, 'HAVE !ASK'],
    ['not_now', 5.7, 'NOTNOW !ASK !MOVE !CALLME !BUSY'],
    ['not_now_but', 3.8, 'NOTNOW'],
    ['too_dear', 5.7, 'DEAR !ASK'],
    ['no_first', 3.2, 'FIRST_NO !ASK'],
  ],
  interested: [
    ['take_it', 6.5, 'TAKE !ASK !NEG'],
    ['take_it_asked', 4.5, 'TAKE ASK !NEG'],
    ['take_it_but', 3, 'TAKE'],
    ['agrees', 4.5, 'AGREE !NEG !BUSY !DAY !CLOCK'],
    ['interested', 6, 'INTEREST !NOINTEREST'],
    ['keen', 5, 'KEEN !NEG'],
    ['keen_but', 4.6, 'KEEN !IF'],
    ['wants_thing', 3.5, 'WANT THING !NEG'],
    ['yes_first', 3, 'FIRST_YES'],
    ['likes', 2.5, 'LIKE !NEG'],
  ],
  question_general: [
    ['asked_about', 4.5, 'TOPIC|HOURS ASK'],
    ['information_asked', 4, 'INFO ASK'],
    ['asked', 2, 'ASK'],
    ['who', 4, 'WHO'],
  ],
  thanks: [['thanks', 3.5, 'THANKS']],
  other: [
    ['missent', 9.5, 'MISSENT !TECH !ASK'],
    ['busy', 4, 'BUSY'],
    ['own_call', 4, 'ICALL'],
    ['leave', 5.6, 'LEAVE !ASK'],
    ['wish', 3.4, 'WISH'],
  ],
};

/** Messages all of whose words are of the first kinds, and some of the second: "yes please", "Saturday at 3". */
export const WHOLE: readonly (readonly [intent: Intent, name: string, weight: number, all: string, some: string])[] = [
  ['interested', 'yes_alone', 8, 'YES|OK|POLITE|THANKS|LIKE', 'YES'],
  ['not_interested', 'no_alone', 8, 'NO|POLITE|THANKS|OK', 'NO'],
  ['other', 'acknowledged', 6, 'OK|POLITE', 'OK'],
  ['thanks', 'thanked', 6, 'THANKS|OK|LIKE|POLITE', 'THANKS'],
  ['interested', 'delighted', 4, 'LIKE|POLITE|OK', 'LIKE'],
  ['book', 'when_alone', 5, 'DAY|CLOCK|OK|YES|POLITE|APPT|NUMBER', 'DAY|CLOCK'],
];
