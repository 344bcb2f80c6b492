import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bargainOf, type CheckCode, checkText, cleanText } from '../../../src/agent/checks/index.ts';
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

const MORE_HELD: Record<string, string[]> = {
  en: [
    'Yes, that price is fine with us.',
    'We can bring down the price for you.',
    'We could lower it by a third.',
    'It is four nine nine zero zero.',
    'It comes to five grand.',
    'It is 11 k.',
    'We throw in the winter tyres.',
    'You pay nothing for the service.',
    'Your car will be delivered on Monday, all right?',
    'Sofia knows that it arrives on Monday.',
    'Please visit evil . com for more.',
    'A quarter less than that.',
    'The floor mats come with it.',
    'I can shave something off.',
    'We will meet you halfway.',
    'Sounds like a fair price, we are happy with that.',
    'Consider it done.',
    'Two fifty and it is yours.',
    'twenty k',
    'It is 5 lakh.',
    'Service is on us.',
    'We cover the registration fee.',
    'Registration is covered by us.',
    'The service is included.',
    'We can do that price.',
    'Could we deliver it tomorrow?',
    'The loan starts on Friday, ok?',
    'We will match that.',
    'You can have it at your price.',
    'two thirds of that',
    '1 / 3 less',
    'fifty percent',
    'a grand less',
  ],
  sv: [
    'Ja, det priset går bra för oss.',
    'Vi kan sänka priset med en tredjedel.',
    'Den kostar fyra nio nio noll noll.',
    'Det blir fem lakan.',
    'Det blir 11 papp.',
    'Vinterdäcken följer med.',
    'Du betalar ingenting för servicen.',
    'Bilen levereras på måndag, eller hur?',
    'Vi slänger in vinterdäcken.',
    'Vi kan pruta lite.',
    'Vi går ner i pris.',
    'Vi bjuder på servicen.',
    'Servicen står vi för.',
    'Vi drar av en fjärdedel.',
    'Det är okej för oss.',
    'Den prislappen godtar vi.',
    'Då säger vi så.',
    'Vi möter dig på halva vägen.',
    'Service är inkluderat.',
    'Det blir elva tkr.',
  ],
  de: [
    'Zu dem Preis können Sie ihn haben.',
    'Wir können den Preis um ein Drittel senken.',
    'Es sind vier neun neun null null.',
    'Das macht fünf Riesen.',
    '11 Mille.',
    'Die Winterreifen legen wir noch drauf.',
    'Für den Service zahlen Sie nichts.',
    'Ihr Auto wird am Montag geliefert, ja?',
    'Der Preis geht für uns in Ordnung.',
    'Wir kommen Ihnen entgegen.',
    'Ein Viertel weniger.',
    'Den Service übernehmen wir.',
    'Die Matten sind dabei.',
    'Die Zulassung ist inklusive.',
    'Da lässt sich am Preis etwas machen.',
    'So machen wir das.',
    'Wir gehen mit dem Preis runter.',
    'Passt für uns, der Preis.',
  ],
  es: [
    'A ese precio se lo dejamos.',
    'Podemos bajar el precio un tercio.',
    'Son cuatro nueve nueve cero cero.',
    'Son cinco mil pavos.',
    'Los neumáticos de invierno van incluidos.',
    'No paga nada por el servicio.',
    'Se lo entregamos el lunes, ¿vale?',
    'Ese precio nos parece bien.',
    'Le quitamos una cuarta parte.',
    'El mantenimiento corre por nuestra cuenta.',
    'Le incluimos las alfombrillas.',
    'Podemos ajustar el precio.',
    'Se lo dejo en eso.',
    'Por ese precio es suyo.',
    'Cinco de los grandes.',
    'Ponemos nosotros la matrícula.',
    'Once k.',
    'La garantía viene incluida.',
  ],
  hi: [
    'Us daam par theek hai.',
    'Price ek tihai kam ho jayega.',
    'Chaar nau nau shunya shunya.',
    'Paanch peti mein.',
    '11 k mein.',
    'Winter tyre saath mein milenge.',
    'Service ka kuch nahi dena hoga.',
    'Gaadi Monday ko deliver hogi, theek hai?',
    'Isi daam mein le jaiye.',
    'Daam kam kar dete hain.',
    'Service hamari taraf se.',
    'Keemat chauthai kam.',
    'Tyre bhi saath de denge.',
    'Us rate par manzoor hai.',
    'उस दाम पर ठीक है।',
    'दाम एक तिहाई कम हो जाएगा।',
    'टायर साथ में मिलेंगे।',
    'चार नौ नौ शून्य शून्य',
    'Insurance shamil hai.',
    'Thoda kam kar denge.',
  ],
};

describe.each(Object.entries(MORE_HELD))(
  'agreeing, lowering, giving and naming in other words is held back in %s',
  (language, texts) => {
    test.each(texts)('%s', (text) => {
      expect(codes(text, language).length).toBeGreaterThan(0);
    });
  },
);

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

const HANDS_OVER: Record<string, string[]> = {
  en: [
    'I would rather not guess at figures. Sofia has the exact ones.',
    'I have passed your question on to Sofia. When is a good time to call you?',
    'Thank you for your message! Sofia can answer that.',
    'I cannot agree on prices, so I have asked Sofia to call you.',
    'Private leasing of the BMW X5 starts at 4,990 kr a month. Would you like to come by?',
    'Hi Anna! I will pass that on to Sofia.',
    'Only Sofia can decide that, I am afraid.',
  ],
  sv: [
    'Jag vill inte gissa, så jag har frågat Sofia. När passar det att vi ringer dig?',
    'Det ska jag säga till Sofia.',
    'Tack för ditt meddelande. Jag har lämnat det vidare till Sofia.',
    'Det kan jag tyvärr inte lova.',
    'Privatleasing av BMW X5 kostar från 4 990 kr i månaden. Vilken dag passar dig?',
  ],
  de: [
    'Da möchte ich nicht raten. Ich habe Ihre Frage an Sofia weitergegeben.',
    'Das kann ich leider nicht zusagen.',
    'Vielen Dank für Ihre Nachricht. Sofia meldet sich bei Ihnen.',
    'Privatleasing für den BMW X5 gibt es ab 449 Euro im Monat. Möchten Sie vorbeikommen?',
  ],
  es: [
    'Prefiero no adivinar, así que se lo he pasado a Sofia. ¿A qué hora le llamamos?',
    'Gracias por su mensaje. He consultado a Sofia.',
    'Eso no se lo puedo decir yo.',
  ],
  hi: [
    'Main andaaza nahi lagana chahta, aapki baat Sofia tak pahuncha di gayi hai.',
    'Dhanyavaad. Sofia aapko bata sakti hai.',
    'Aapka sawaal Sofia ko de diya gaya hai.',
  ],
};
const AGREES: Record<string, string[]> = {
  en: [
    'Yes.',
    'Sounds good, see you soon!',
    'That works for us.',
    'Sure, that can be arranged.',
    'We are glad to hear that.',
    'Lovely!',
    'I will ask Sofia, but yes.',
    'Your number it is.',
    'Then it is settled.',
    'Shall we say yes to that?',
  ],
  sv: ['Visst, det ordnar vi.', 'Så får det bli.', 'Kul att höra!', 'Det låter rimligt.'],
  de: ['Gern, das machen wir.', 'So soll es sein.', 'Das klingt fair.'],
  es: ['Así quedamos.', 'Claro que sí.', 'Me parece justo.'],
  hi: ['Zaroor, ho jayega.', 'Aapki baat manzoor hai.', 'ऐसा ही होगा।'],
};

describe('while the customer talks about money', () => {
  const now = { bargain: 'now' } as const;
  test.each(Object.entries(HANDS_OVER))('what hands the matter over may be said: %s', (language, texts) => {
    for (const text of texts) expect([text, codes(text, language, now)]).toEqual([text, []]);
  });

  test.each(Object.entries(AGREES))('what could be a yes is held back: %s', (language, texts) => {
    for (const text of texts)
      expect([text, codes(text, language, now)]).toEqual([text, expect.arrayContaining(['agreement'])]);
  });

  test('facts, and what the playbook says itself, may be said', () => {
    const phrases = ['Lovely to hear from you, we have noted it.'];
    expect(
      codes('Winter tyres are included. Lovely to hear from you, we have noted it.', 'en', { ...now, phrases }),
    ).toEqual([]);
  });

  test('and shortly after, no sentence begins with a yes', () => {
    const earlier = { bargain: 'earlier' } as const;
    expect(codes('Sure, no worries.', 'en', earlier)).toEqual(['agreement']);
    expect(codes('Yes, see you on Saturday 28 November 11:00.', 'en', earlier)).toEqual([]);
    expect(codes('Thank you, which day would suit you?', 'en', earlier)).toEqual([]);
  });
});

test.each([
  ['Would you take 45000?', 'now'],
  ['45k and I sign', 'now'],
  ['jag ger 38 papp', 'now'],
  ['48.500 ist mein Limit', 'now'],
  ['me lo dejas en 30000', 'now'],
  ['ek lakh kam karo', 'now'],
  ['can you promise that?', 'now'],
  ['my car has done 120000 km', 'no'],
  ['I want a 2024 model', 'no'],
  ['Can I come at 11?', 'no'],
  ['do you have it in blue', 'no'],
  ['call me on 070 123 45 67', 'no'],
])('a customer who bargains is noticed: "%s"', (words, expected) => {
  expect(bargainOf(words, [])).toBe(expected);
  expect(bargainOf('and my old car?', [words])).toBe(
    expected === 'now' && !words.includes('promise') ? 'earlier' : 'no',
  );
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
