import { describe, expect, test } from '@jest/globals';
import { type BookingDecision, decideBooking, type Slot, understandTime } from '../../../src/bookings/index.ts';
import type { StaffId } from '../../../src/lib/ids.ts';
import { classify } from '../../../src/people/index.ts';
import { MONDAY } from './times/shown.ts';

const SOFIA = 'sofia' as StaffId;
const { now, zone } = MONDAY;
const at = (text: string): Slot => {
  const startsAt = new Date(`${text}+01:00`);
  return { staffId: SOFIA, startsAt, endsAt: new Date(startsAt.getTime() + 45 * 60_000) };
};
const OFFERED = [at('2026-11-24T10:00'), at('2026-11-25T14:00'), at('2026-11-28T11:00')];
const LEFT = [at('2026-11-26T15:00'), at('2026-12-01T09:00')];

function decide(language: string, text: string, offered: readonly Slot[], intent: string): BookingDecision {
  const time = understandTime(text, { ...MONDAY, language });
  return decideBooking({ text, intent, time, offered, free: [...offered, ...LEFT], booked: null, zone, now });
}

/** What it does for a message as the classifier understands it, and for one that it knows nothing of. */
const decisions = (language: string, text: string, offered: readonly Slot[]) =>
  [classify(text, { language }).intent, 'other'].map((intent) => decide(language, text, offered, intent));

const placeOf = (decision: BookingDecision) =>
  decision.kind === 'book' ? OFFERED.findIndex(({ startsAt }) => +startsAt === +decision.slot.startsAt) : decision.kind;

const UNCHOSEN: Record<string, string[]> = {
  en: [
    "I'll check with my wife first",
    'Just a second',
    "the first doesn't work",
    "I'm not sure",
    'not good for me',
    'ok, let me think',
    "sounds good, I'll get back to you",
    'One moment, I am driving',
    'first I need to talk to my boss',
    'my second car is a Volvo',
    'None of the first two',
    'Great, but let me ask my husband',
    "ok but I can't promise anything",
    'fine, will tell you later',
    'the second is bad for me',
    'maybe the third',
    'Give me a minute please',
    'Good question, not sure yet',
    "Sounds great, I'd have to check my calendar though",
    'yes but not that early',
    'yes if my wife can come',
    'ok and who are you?',
    'I sold the last one',
    'is the second one still free?',
    'neither the first nor the last',
    "that one won't work I'm afraid",
    'hmm ok',
    'perfect car, but which colours are there',
    'ok thanks, I will think about it',
    'The first or the third',
    'Let me sleep on it',
    'sure, depends on the weather',
    'can I tell you on Saturday?',
    'Saturday at 11, but my wife has to agree first',
    'I need to check whether Saturday works',
  ],
  sv: [
    'Har ni några andra tider?',
    'Jag återkommer senare',
    'det passar mig inte',
    'ok, jag ska fundera',
    'låter bra, jag hör av mig',
    'den första funkar inte',
    'ett ögonblick bara',
    'jag måste kolla med min sambo först',
    'bra, men jag vet inte om jag hinner',
    'inte den sista i alla fall',
    'kanske den andra',
    'min andra bil är en Saab',
    'nja, vet inte riktigt',
    'ja, om det inte snöar',
    'okej, får jag tänka på saken?',
    'den första bilen var finare',
    'tyvärr ingen av dem',
    'lördag går nog men jag måste kolla med min fru först',
  ],
  de: [
    'das passt mir nicht',
    'Einen Moment bitte',
    'der erste geht leider nicht',
    'gut, ich melde mich',
    'ok, ich muss das noch mit meiner Frau abklären',
    'ich überlege es mir',
    'vielleicht der zweite',
    'Keiner der drei Termine',
    'klingt gut, ich sage Bescheid',
    'ja, aber nicht so früh',
    'ich weiß noch nicht',
    'mein zweites Auto ist ein Audi',
    'passt eher nicht',
    'Haben Sie noch andere Termine?',
    'Gern, wenn meine Frau Zeit hat',
    'den letzten habe ich verpasst',
    'als erstes brauche ich den Preis',
    'Ich melde mich am Samstag',
  ],
  es: [
    'un segundo por favor',
    'la primera no me va bien',
    'no me viene bien',
    'vale, lo pienso',
    'suena bien, ya le digo',
    'tengo que consultarlo con mi mujer',
    'quizás la segunda',
    'perfecto, pero tengo que mirar la agenda',
    'no estoy seguro',
    'un momento',
    '¿tienen otras horas?',
    'ninguna de las tres',
    'sí, pero más tarde',
    'mi segundo coche es un Seat',
    'bueno, no sé',
    'la última vez fue muy bien',
    'de momento no',
    'te digo algo mañana',
  ],
  hi: [
    'yeh time theek nahi hai',
    'main soch kar bataunga',
    'ek minute rukiye',
    'pehla wala nahi chalega',
    'theek hai, biwi se pooch kar batata hoon',
    'shayad doosra wala',
    'pakka nahi hai abhi',
    'haan lekin abhi nahi',
    'koi aur time hai kya',
    'meri doosri gaadi Maruti hai',
    'accha, dekhta hoon',
    'पहला वाला ठीक नहीं है',
    'सोचकर बताऊंगा',
    'ठीक है, बाद में बताता हूँ',
    'शायद दूसरा',
    'haan agar time mila to',
    'kal bataunga',
  ],
};

describe.each(Object.entries(UNCHOSEN))('books nothing that nobody chose: %s', (language, texts) => {
  test.each(texts)('%s', (text) => {
    for (const offered of [OFFERED, OFFERED.slice(2)]) {
      for (const decision of decisions(language, text, offered)) expect(decision.kind).not.toBe('book');
    }
  });
});

const PLACES: Record<string, [string, number][]> = {
  en: [
    ['the second one please', 1],
    ['11 works', 2],
    ['The first is perfect, thanks!', 0],
    ["I'll take the third option", 2],
    ['2 please', 1],
    ['option two would be great for us, thank you very much', 1],
    ["The last one, that's best for me", 2],
    ['first one works for me 👍', 0],
    ['ok the second', 1],
    ['the third slot then', 2],
    ['whichever, thanks', 0],
    ['no problem, the first one', 0],
  ],
  sv: [
    ['den andra blir bra', 1],
    ['jag tar den första, tack', 0],
    ['alternativ 3', 2],
    ['den sista passar mig bäst', 2],
    ['11 går bra', 2],
    ['gärna den första tiden', 0],
  ],
  de: [
    ['ich nehme den zweiten', 1],
    ['die zweite Zeit passt', 1],
    ['der erste Termin wäre super', 0],
    ['Der letzte passt mir am besten', 2],
    ['dann bitte den dritten', 2],
    ['11 passt gut', 2],
  ],
  es: [
    ['la segunda por favor', 1],
    ['el segundo por favor', 1],
    ['me quedo con la primera', 0],
    ['la última me viene bien', 2],
    ['la 3 está bien', 2],
  ],
  hi: [
    ['doosra wala theek rahega', 1],
    ['pehla wala kar dijiye', 0],
    ['aakhri wala theek hai ji', 2],
    ['mujhe teesra chalega', 2],
    ['पहला वाला ठीक है', 0],
    ['11 theek hai', 2],
  ],
};

describe.each(Object.entries(PLACES))('books what was chosen by its place: %s', (language, texts) => {
  test.each(texts)('%s: %i', (text, place) => {
    for (const decision of decisions(language, text, OFFERED)) expect(placeOf(decision)).toBe(place);
  });
});

const YES: Record<string, string[]> = {
  en: [
    'yes please',
    'Yes, that works for me, thanks!',
    'sounds good',
    'perfect, see you then',
    'Ok great',
    'sure, no problem',
    'Yes, see you there Sofia!',
    'that would be lovely',
    'works for me',
    'Yep book it',
    "that's fine",
    "Let's do it",
    '👍',
  ],
  sv: [
    'ja tack',
    'ja gärna',
    'det passar bra',
    'Perfekt, då ses vi',
    'okej, toppen',
    'låter jättebra tack',
    'Ja, det blir kanon!',
  ],
  de: [
    'ja gerne',
    'passt mir gut',
    'Ja, das passt. Vielen Dank!',
    'alles klar, bis dann',
    'in Ordnung',
    'klingt gut',
    'perfekt, danke',
  ],
  es: [
    'sí, perfecto',
    'vale, gracias',
    'me viene bien',
    'claro, por qué no',
    'de acuerdo, nos vemos',
    'Sí, allí estaremos los dos',
    'perfecto',
  ],
  hi: [
    'haan theek hai',
    'ji bilkul',
    'theek hai ji dhanyavaad',
    'haan chalega',
    'हाँ जी ठीक है',
    'pakka, shukriya',
    'koi baat nahi, theek hai',
  ],
};

describe.each(Object.entries(YES))('a yes to the one that is offered books it: %s', (language, texts) => {
  test.each(texts)('%s', (text) => {
    for (const decision of decisions(language, text, OFFERED.slice(2))) expect(placeOf(decision)).toBe(2);
  });
});

describe('what may be meant as a choice is asked', () => {
  test.each([
    ['en', 'maybe the second one'],
    ['en', 'the first or the third'],
    ['sv', 'kanske den andra'],
    ['de', 'vielleicht der zweite'],
    ['es', 'quizás la segunda'],
    ['hi', 'shayad doosra wala'],
    ['en', 'the second one, my wife said'],
  ])('%s "%s"', (language, text) => {
    expect(decide(language, text, OFFERED, 'other')).toMatchObject({ kind: 'ask', why: 'which_slot' });
  });

  test('a number that is one by its place and another by its hour', () => {
    const offered = [at('2026-11-24T14:00'), at('2026-11-25T10:00'), at('2026-11-28T11:00')];
    expect(decide('en', '2', offered, 'other')).toMatchObject({ kind: 'ask', slots: [offered[0], offered[1]] });
  });
});

describe('a time that was offered and is gone', () => {
  const gone = (text: string, left: readonly Slot[]) =>
    decideBooking({
      text,
      intent: 'other',
      time: understandTime(text, { ...MONDAY, language: 'en' }),
      offered: OFFERED,
      free: left,
      booked: null,
      zone,
      now,
    });

  test.each(['the second one please', '2', 'wednesday', 'at 2'])('brings others, and says so: "%s"', (text) => {
    expect(gone(text, [...LEFT, at('2026-11-24T10:00')])).toMatchObject({ kind: 'offer', why: 'taken' });
  });

  test('is booked with a colleague who is free then', () => {
    const colleague = { ...at('2026-11-25T14:00'), staffId: 'erik' as StaffId };
    expect(gone('the second one please', [...LEFT, colleague])).toEqual({ kind: 'book', slot: colleague });
  });
});
