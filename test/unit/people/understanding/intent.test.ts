import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { understand } from '../../../../src/people/understanding/index.ts';
import { classify, languageOf } from '../../../../src/people/understanding/intent/index.ts';
import { lexica } from '../../../../src/people/understanding/intent/lexica/index.ts';

const INTENTS = [
  ...[
    'opt_out',
    'interested',
    'not_interested',
    'book',
    'reschedule',
    'question_price',
    'question_general',
    'callback',
  ],
  ...['wrong_number', 'complaint', 'thanks', 'help', 'other'],
];

describe('a message means', () => {
  test.each([
    ['interested', 'yes please', 'ja gärna', 'sí, claro', 'ja gerne', 'haan ji'],
    ['not_interested', 'no thanks', 'nej tack', 'no gracias', 'nein danke', 'nahi chahiye'],
    ['book', 'Saturday at 3?', 'lördag kl 11', 'el martes a las 10', 'Dienstag um 10', 'kal 5 baje'],
    ['thanks', 'thank you so much!', 'tusen tack', 'muchas gracias', 'vielen Dank', 'धन्यवाद'],
    ['question_price', 'how much is it?', 'vad kostar den?', '¿cuánto cuesta?', 'was kostet das?', 'कीमत क्या है'],
    ['callback', 'call me', 'ring mig', 'llámame', 'rufen Sie mich an', 'मुझे कॉल करें'],
    ['wrong_number', 'wrong number', 'fel nummer', 'número equivocado', 'falsche Nummer', 'galat number'],
    ['help', 'HELP', 'jag kan inte logga in', 'olvidé mi contraseña', 'der Link geht nicht', 'OTP nahi aaya'],
    ['other', 'ok', 'okej', '👍', 'alles klar', 'thik hai'],
  ])('%s in five languages', (intent, ...texts) => {
    for (const text of texts) expect([text, classify(text).intent]).toEqual([text, intent]);
  });

  test.each([
    ["cancel my appointment, I'm ill", 'reschedule'],
    ['You never called back', 'complaint'],
    ['Thanks, but how much is it?', 'question_price'],
    ['thanks but we already bought one', 'not_interested'],
    ["what's your cancellation policy", 'question_general'],
    ["no, Tuesday doesn't work, can we do Thursday instead?", 'reschedule'],
    ['sorry, sent that to the wrong person, ignore', 'other'],
    ["I'm not Kevin", 'wrong_number'],
    ["this isn't Sandra's phone", 'wrong_number'],
    ['can i book an aappointment for tmrw', 'book'],
    ['muss leider Termin verschiben', 'reschedule'],
    ['jag ar intreserad', 'interested'],
    ['kuanto kuesta el carro', 'question_price'],
  ])('what matters most in it, typed as people type: %s', (text, intent) => {
    expect(classify(text).intent).toBe(intent);
  });

  test.each(['olvidé mi bolsa en la limusina', 'olvidé que hoy tenía cita', 'jag har glömt mitt lösenord'])(
    'something forgotten, not somebody who wants to be: %s',
    (text) => {
      expect(classify(text).intent).not.toBe('opt_out');
    },
  );

  test('nothing certain where no word is known', () => {
    for (const text of ['', ' ', 'xqzt', '....', '12', 'Привет, как дела']) {
      expect(classify(text)).toMatchObject({ intent: 'other', confidence: 'guess', language: null });
    }
  });

  test('at most a guess where it may be an opt-out', () => {
    for (const text of ['🛑', 'never again', 'shut up', 'why do you keep texting me?']) {
      expect(understand(text).kind).toBe('unsure');
      expect(classify(text).confidence).toBe('guess');
    }
  });

  test('only what the person wrote, not what is quoted or reacted to', () => {
    expect(classify('Sounds good\n\n> How much is it? Call me').intent).toBe('interested');
    expect(classify('Liked “Shall I call you about the price?”')).toMatchObject({ intent: 'other', rule: 'reaction' });
  });
});

describe('the language', () => {
  test.each([
    ['Can I see it on Saturday?', 'en'],
    ['kan jag titta pa den pa lordag', 'sv'],
    ['puedo verlo el sabado', 'es'],
    ['kann ich ihn am Samstag anschauen', 'de'],
    ['kya main kal aa sakta hu', 'hi'],
    ['क्या मैं कल आ सकता हूँ', 'hi'],
  ])('of %j is %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
    expect(classify(text).language).toBe(language);
  });

  test.each(['ok', '👍', 'Anna Karlsson', '5', "Je voudrais l'essayer"])('of %j is left open', (text) => {
    expect(languageOf(text)).toBeNull();
  });

  test('one that is expected tips the balance', () => {
    expect(classify('nope', { language: 'es' }).language).not.toBe('sv');
    for (const language of ['en', 'sv', 'xx', ''])
      expect(classify('how much?', { language }).intent).toBe('question_price');
  });
});

describe('whatever is written', () => {
  const words = lexica.flatMap(({ words: categories, everyday }) =>
    `${Object.values(categories).join(' ')} ${everyday}`.split(/\s+/).filter((word) => /^[^A-Z]/.test(word)),
  );
  const message = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 500 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc
      .array(fc.oneof(fc.constantFrom(...words), fc.constantFrom('?', ',', '.', '\n', '🙏', '5')), { maxLength: 40 })
      .map((parts) => parts.join(' ')),
  );

  test('one of the intents is told, without throwing, and always the same', () => {
    fc.assert(
      fc.property(message, (text) => {
        const told = classify(text);
        expect(INTENTS).toContain(told.intent);
        expect(classify(text)).toEqual(told);
        expect(languageOf(text)).toBe(told.language);
      }),
      { numRuns: 150 },
    );
  });

  test('an opt-out is told exactly where the opt-out understanding tells one', () => {
    fc.assert(
      fc.property(message, (text) => {
        expect(classify(text).intent === 'opt_out').toBe(understand(text).kind === 'opt_out');
      }),
      { numRuns: 150 },
    );
  });

  test('letter case and white space at the ends change nothing', () => {
    const sentences = fc.constantFrom(
      'Can you call me tomorrow',
      'Vad kostar den',
      'no me interesa',
      'Termin absagen bitte',
    );
    fc.assert(
      fc.property(sentences, fc.constantFrom('', ' ', '\n', '\t '), (text, space) => {
        const { intent, rule } = classify(text);
        expect(classify(`${space}${text.toUpperCase()}${space}`)).toMatchObject({ intent, rule });
      }),
    );
  });
});

describe.each(lexica.map((lexicon) => [lexicon.code, lexicon] as const))('the %s lexicon', (_code, lexicon) => {
  const fillers = new Set(lexicon.fillers.split(/\s+/));
  const patterns = [...Object.values(lexicon.phrases).flat(), ...lexicon.idle];

  test('asks for no padding, which is taken out before phrases are looked for', () => {
    const asking = patterns.filter((pattern) =>
      pattern
        .split(' ')
        .filter((step) => !/^(?:\.\.|,,|::|\^|\$|!|<!)/.test(step) && !step.endsWith('?'))
        .some((step) => step.split('|').every((word) => fillers.has(word))),
    );
    expect(asking).toEqual([]);
  });

  test('has no step without words and no stem that is too long to be looked up', () => {
    expect(patterns.filter((pattern) => /^ | $| {2}/.test(pattern))).toEqual([]);
    const stems = patterns.join(' ').match(/[^\s|]+\*/g) ?? [];
    expect(stems.filter((stem) => stem.length > 15)).toEqual([]);
  });
});
