import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CheckCode, checkText, cleanText } from '../../../src/agent/checks/index.ts';
import { RULES } from './rules-of-checks.ts';

const codes = (text: string, language = 'en', changes: Partial<typeof RULES> = {}) =>
  checkText(text, { ...RULES, language, ...changes }).map(({ code }) => code);

const HELD: Record<string, [string, CheckCode][]> = {
  en: [
    ['It costs 5,200 kr.', 'price'],
    ['You can have it for four thousand dollars.', 'price'],
    ['Yours for just one dollar!', 'price'],
    ['It is 4990.', 'number'],
    ['Price: ４９９０', 'number'],
    ['That is ५२०० for you.', 'number'],
    ['Only 5\u200b2\u200b0\u200b0 for you.', 'number'],
    ['It costs 4 9 9 9 kr.', 'price'],
    ['It costs f o u r  t h o u s a n d.', 'obfuscated'],
    ['We take ten percent off.', 'percent'],
    ['You get 15% off.', 'percent'],
    ['There is a discount for you.', 'discount'],
    ['Half price this week.', 'discount'],
    ['The winter tyres come free of charge.', 'price'],
    ['The car is still available.', 'availability'],
    ['It is in stock right now.', 'availability'],
    ['I have reserved it for you.', 'availability'],
    ['We can hold the car for you.', 'availability'],
    ['It comes with an interest-free loan.', 'finance'],
    ['The monthly payments are low.', 'finance'],
    ['Your loan is approved.', 'finance'],
    ['It is delivered next week.', 'delivery'],
    ['I guarantee that it works.', 'promise'],
    ['We will give you a better one.', 'promise'],
    ["That's a deal, and it is legally binding.", 'promise'],
    ['You get your money back.', 'promise'],
    ['All slots are booked for you.', 'deed'],
    ['Done!', 'deed'],
    ['I have cancelled it.', 'deed'],
    ['You are unsubscribed.', 'deed'],
    ['Another customer paid less.', 'others'],
    ['Look at cheapcars.com for more.', 'link'],
    ['Open https://evil.example/pay now.', 'link'],
    ['See cheapcars dot com please.', 'link'],
    ['Write to me at sofia@evil.example please.', 'contact'],
    ['Call 070 999 88 77 now.', 'contact'],
    ['Hi, this is Sofia from Nordic Motors.', 'impersonation'],
    ['I am a real person, of course.', 'impersonation'],
    ['I am not a bot.', 'impersonation'],
    ['Talk soon.\nRegards, Sofia', 'impersonation'],
    ['My instructions say that I may not.', 'markup'],
    ['Ask one thing at a time, and only when it helps.', 'markup'],
    ['{"reply": "hello there"}', 'markup'],
    ['Reply CANCEL to cancel it.', 'keyword'],
    ['Det här är en svensk mening som inte hör hit.', 'language'],
    ['Bonjour, je peux vous aider pour cette voiture.', 'language'],
    ['The priсe is gооd.', 'language'],
    ['🙂', 'empty'],
  ],
  sv: [
    ['Den kostar 5 200 kr.', 'price'],
    ['Du får den för fyratusen kronor.', 'price'],
    ['Du får tio procents rabatt.', 'percent'],
    ['Vi har en kampanj just nu.', 'discount'],
    ['Vinterdäcken ingår i priset.', 'price'],
    ['Bilen finns kvar hos oss.', 'availability'],
    ['Jag har reserverat den åt dig.', 'availability'],
    ['Lånet är räntefritt för dig.', 'finance'],
    ['Den levereras nästa vecka.', 'delivery'],
    ['Vi lovar att du blir nöjd.', 'promise'],
    ['Vi kommer att ge dig en bättre bil.', 'promise'],
    ['Två års garanti har den.', 'number'],
    ['Nu är allt gjort!', 'deed'],
    ['Jag har bokat den.', 'deed'],
    ['En annan kund har köpt den.', 'others'],
    ['Jag heter Sofia och jobbar här.', 'impersonation'],
    ['Jag är en riktig människa.', 'impersonation'],
    ['This is English and not what they speak.', 'language'],
  ],
  de: [
    ['Der kostet 39.900 €.', 'price'],
    ['Das macht viertausend Euro.', 'price'],
    ['Sie sparen zehn Prozent.', 'percent'],
    ['Es gibt einen Rabatt für Sie.', 'discount'],
    ['Die Winterreifen sind kostenlos dabei.', 'price'],
    ['Das Auto ist sofort verfügbar.', 'availability'],
    ['Ich habe ihn für Sie reserviert.', 'availability'],
    ['Die Finanzierung ist zinsfrei.', 'finance'],
    ['Wir liefern schon am Montag.', 'delivery'],
    ['Das garantieren wir Ihnen.', 'promise'],
    ['Wir werden das für Sie machen.', 'promise'],
    ['In drei Tagen ist er da.', 'number'],
    ['Ein anderer Kunde hat weniger bezahlt als andere Kunden.', 'others'],
    ['Alle Termine sind gebucht.', 'deed'],
    ['Der Termin ist abgesagt.', 'deed'],
    ['Ich bin ein Mensch und kein Computer.', 'impersonation'],
    ['Hallo, hier ist Sofia von Nordic Motors.', 'impersonation'],
    ['Det här är på svenska och inte på tyska.', 'language'],
  ],
  es: [
    ['Cuesta 39.900 euros.', 'price'],
    ['Son cuatro mil euros.', 'price'],
    ['Le hago un diez por ciento menos.', 'percent'],
    ['Tenemos un descuento para usted.', 'discount'],
    ['Los neumáticos son gratis.', 'price'],
    ['El coche está disponible.', 'availability'],
    ['Se lo tengo reservado.', 'availability'],
    ['Es sin intereses para usted.', 'finance'],
    ['Se lo entregamos el lunes.', 'delivery'],
    ['Se lo garantizo.', 'promise'],
    ['Le daremos algo mejor.', 'promise'],
    ['Tiene tres años de uso.', 'number'],
    ['Su cita queda anotada.', 'deed'],
    ['Listo.', 'deed'],
    ['Otro cliente pagó menos.', 'others'],
    ['Soy una persona, no se preocupe.', 'impersonation'],
    ['Le escribe Sofia de Nordic Motors.', 'impersonation'],
    ['This is English and not what they speak.', 'language'],
  ],
  hi: [
    ['Yeh gaadi 5,20,000 rupaye ki hai.', 'price'],
    ['Yeh chaar lakh ki hai.', 'number'],
    ['यह गाड़ी चार लाख रुपये की है।', 'price'],
    ['Aapko das pratishat kam lagega.', 'percent'],
    ['Aapko chhoot milegi.', 'discount'],
    ['आपको छूट मिलेगी।', 'discount'],
    ['Tyre muft mein hain.', 'price'],
    ['Gaadi stock mein hai.', 'availability'],
    ['गाड़ी उपलब्ध है।', 'availability'],
    ['Bina byaj ka loan hai.', 'finance'],
    ['Delivery kal ho jayegi.', 'delivery'],
    ['Hum aapko pakka denge.', 'promise'],
    ['हम आपको गाड़ी देंगे।', 'promise'],
    ['Sab ho gaya!', 'deed'],
    ['Booking ho gayi hai.', 'deed'],
    ['Doosre grahak ne kam diya.', 'others'],
    ['Main insaan hoon, bot nahi.', 'impersonation'],
    ['मैं एक इंसान हूँ।', 'impersonation'],
    ['This is English and not what they speak at all.', 'language'],
  ],
};

describe.each(Object.entries(HELD))('held back in %s', (language, cases) => {
  test.each(cases)('%s', (text, code) => {
    expect(codes(text, language)).toContain(code);
  });
});

const PASSES: Record<string, string[]> = {
  en: [
    'Private leasing of the BMW X5 starts at 4,990 kr a month. Would you like to come by?',
    'Winter tyres are included. How soon are you thinking of changing cars?',
    'How about Saturday 28 November 11:00? Just write which one.',
    'See you at 11 on 28 November.',
    'You can call us on +46 8 465 004 10, or on 08 465 004 10.',
    'The terms are here: https://nordicmotors.example/terms',
    'Sofia can tell you about leasing. When is a good time to call you?',
    'Are you thinking of leasing it or buying it?',
    'Sofia has seen your question about the BMW X5.',
    "I'll ask Sofia about that.",
    'Thank you, one more thing: would another day be better?',
    'Would you like to speak to a person instead?',
  ],
  sv: [
    'Privatleasing av BMW X5 kostar från 4 990 kr i månaden. Vilken dag passar dig?',
    'Vi har öppet måndag till fredag klockan 9 till 18. Vill du komma förbi?',
    'Passar lördag 28 november 11:00 dig?',
    'Välkommen klockan 11 den 28 november!',
    'Sofia kan berätta mer om leasing. När passar det att vi ringer dig?',
    'Tack Anna, då har jag antecknat det. En fråga till: vilken dag passar dig?',
    'Jag ska fråga Sofia om det.',
  ],
  de: [
    'Privatleasing für den BMW X5 gibt es ab 449 Euro im Monat. Möchten Sie vorbeikommen?',
    'Würde Ihnen Samstag, 28. November 11:00 passen?',
    'Dann bis Samstag um 11 Uhr!',
    'Möchten Sie ein Auto in Zahlung geben?',
    'Ich habe Ihre Frage zur Finanzierung an Sofia weitergegeben.',
  ],
  es: [
    'El renting del BMW X5 cuesta desde 449 euros al mes. ¿Le gustaría venir?',
    'Mil gracias por su mensaje. ¿Qué día le vendría bien?',
    'Sofia le puede explicar la financiación. ¿Cuándo le llamamos?',
  ],
  hi: [
    'BMW X5 ki EMI 49,900 rupaye mahine se shuru hoti hai. Aap gaadi kab tak badalna chahte hain?',
    'Aapke liye kaun sa din theek rahega?',
    'आपके लिए कौन सा दिन ठीक रहेगा?',
  ],
};

describe.each(Object.entries(PASSES))('may be said in %s', (language, texts) => {
  test.each(texts)('%s', (text) => {
    expect(checkText(text, { ...RULES, language })).toEqual([]);
  });
});

describe('a fact', () => {
  test('supports its sentences as sentences, not as parts of others', () => {
    const facts = ['We deliver. Ask us anything about the price.'];
    expect(codes('We deliver. Which day suits you?', 'en', { facts })).toEqual([]);
    expect(codes('We deliver tomorrow.', 'en', { facts })).toContain('delivery');
  });

  test('supports its amount only with the words it is said in', () => {
    expect(codes('You can buy the BMW X5 for 4,990 kr.')).toContain('price');
    expect(codes('It is 4 990 kr in all.')).toContain('price');
  });

  test('in another language does not make a text of this one', () => {
    const german = 'Privatleasing für den BMW X5 gibt es ab 449 Euro im Monat.';
    expect(codes(german, 'de')).toEqual([]);
  });
});

describe('times', () => {
  test('that were offered may be said, others not', () => {
    expect(codes('See you on Saturday 28 November 11:00.')).toEqual([]);
    expect(codes('See you on Sunday 29 November at 12.')).toContain('number');
  });

  test('do not cover an amount with the same digits', () => {
    expect(codes('It is 11 kr cheaper.')).toContain('price');
    expect(codes('You save 28 %.')).toContain('percent');
  });
});

test('what was done may be said, and only that', () => {
  const done = { deeds: new Set(['booked', 'changed', 'done'] as const) };
  expect(codes('Done, you are booked in for Saturday 28 November 11:00.', 'en', done)).toEqual([]);
  expect(
    codes('You are booked in for Saturday 28 November 11:00.', 'en', { deeds: new Set(['booked'] as const) }),
  ).toEqual([]);
  expect(codes('Done, you are booked in.', 'en', { deeds: new Set(['booked'] as const) })).toEqual(['deed']);
});

describe('the introduction', () => {
  const introduce = { introduce: true };
  test.each([
    ['en', 'Hi Anna, this is the digital assistant at Nordic Motors.'],
    ['sv', 'Hej Anna, det här är den digitala assistenten hos Nordic Motors.'],
    ['de', 'Hallo Anna, hier ist der digitale Assistent von Nordic Motors.'],
    ['es', 'Hola Anna, soy el asistente virtual de Nordic Motors.'],
    ['hi', 'Namaste Anna ji, yeh Nordic Motors ka digital assistant hai.'],
  ])('in %s names an assistant and the business (COMPLIANCE T13.1)', (language, text) => {
    expect(codes(text, language, introduce)).toEqual([]);
    expect(codes('Hej', language, introduce)).toContain('disclosure');
    expect(codes(text.replace('Nordic Motors', 'us'), language, introduce)).toContain('disclosure');
  });

  test('is not done by the word assistant alone, which may be a person', () => {
    expect(codes("Hi Anna, this is Nordic Motors' assistant.", 'en', introduce)).toContain('disclosure');
  });
});

test('a text that is too long for its channel is held back', () => {
  expect(codes('Thank you. '.repeat(30), 'en', { limit: 320 })).toContain('length');
  expect(codes('Thank you. '.repeat(29).trim(), 'en', { limit: 320 })).toEqual([]);
});

describe('whatever number is written, in whatever way', () => {
  const digits = fc.integer({ min: 2, max: 9_999_999 });
  const zeros = ['0', '０', '०', '٠', '𝟎', '०'].map((zero) => zero.codePointAt(0) ?? 48);
  const separators = ['', ' ', '.', ',', '-', ' . ', '\u200b', '\u00a0', "'", '*'];
  const disguised = fc
    .tuple(digits, fc.constantFrom(...zeros), fc.constantFrom(...separators))
    .map(([number, zero, separator]) =>
      [...String(number)].map((digit) => String.fromCodePoint(zero + Number(digit))).join(separator),
    );

  test('it is held back without support', () => {
    fc.assert(
      fc.property(disguised, fc.constantFrom(' kr', ' €', '', ' %'), (number, unit) => {
        expect(codes(`It would be ${number}${unit} for you.`).length).toBeGreaterThan(0);
      }),
    );
  });

  test('it passes word for word as a fact', () => {
    fc.assert(
      fc.property(digits, (number) => {
        const fact = `The car costs ${number.toLocaleString('en')} kr in total.`;
        expect(codes(`${fact} Which day suits you?`, 'en', { facts: [fact] })).toEqual([]);
      }),
    );
  });
});

describe('any text at all', () => {
  test('is judged without failing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => Array.isArray(checkText(text, RULES))),
    );
  });

  test('is cleaned once and for all, and stays readable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const clean = cleanText(text);
        expect(cleanText(clean)).toBe(clean);
        expect(clean).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b]/);
      }),
    );
  });
});
