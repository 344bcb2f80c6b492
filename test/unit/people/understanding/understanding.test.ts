import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { understand } from '../../../../src/people/understanding/index.ts';

describe('what is no opt-out', () => {
  test.each([
    ...[
      "I'll stop by at 5",
      'Does the 42 bus stop near you?',
      'full stop',
      "can't stop thinking about it",
      "don't stop the updates",
    ],
    ...[
      'cancel my appointment',
      'cancel my 3pm, can we do Friday?',
      'when does the offer end',
      'end of the month works',
    ],
    ...[
      'quit my lease early?',
      'what does reply STOP mean?',
      'Hold off for now, ask me again in March',
      'not interested',
    ],
    ...[
      'wrong number',
      'Can I opt out of the extended warranty?',
      "please don't remove me from the list",
      'no more questions',
    ],
    ...['take me off the 9am and put me on the 11', 'my kid sent STOP by accident, please add me back'],
    ...['nej tack', 'Stoppar ni i Malmö?', 'när slutar erbjudandet?', 'ta bort dragkroken', 'räcker det med körkort?'],
    ...[
      'Halten Sie den Termin frei',
      'Wann endet die Aktion?',
      'Muss ich mein altes Auto vorher abmelden?',
      'kein Interesse',
    ],
    ...[
      '¿Puedo parar por la tienda?',
      '¿está en la planta baja?',
      'no dejen de avisarme',
      'no me interesa',
      'estoy de baja',
    ],
    ...[
      'offer kab khatam hoga?',
      'showroom sunday ko band rehta hai kya?',
      'band mat karo',
      'bus stand',
      'nahi chahiye',
    ],
  ])('%s (COMPLIANCE T1.2)', (text) => {
    expect(understand(text)).toEqual({ kind: 'message' });
  });
});

describe('whose words count', () => {
  test.each([
    'Liked “Want me to hold Tuesday? Reply STOP to opt out”',
    'Removed a heart from “Reply STOP to opt out”',
    'Gillade ”Svara STOPP för att slippa sms”',
    '😂 to “Reply STOP to unsubscribe”',
    'Yes please, Tuesday.\n\n> Reply STOP to unsubscribe',
    'Sure\n\nOn Mon, 2 Mar 2026 at 09:00, Sales <sales@dealer.example> wrote:\n> Reply STOP to opt out',
    'Sure\n\nOn Mon, 2 Mar 2026 at 09:00, Sales\n<sales@dealer.example> wrote:\nReply STOP to opt out. Stop texting us? Write STOP.',
    'Gern\n\nAm 02.03.2026 um 09:00 schrieb Verkauf:\n> Antworten Sie STOP',
    'Ok\n-----Original Message-----\nTo stop these messages, unsubscribe.',
  ])('ours, quoted back, do not: %j', (text) => {
    expect(understand(text)).toEqual({ kind: 'message' });
  });

  test.each([
    'Take me off please\n\n> Reply YES for a viewing',
    'STOP\n\nOn Tue, 3 Mar 2026 at 10:14, Zoe <zoe@dealer.example> wrote:\n> Reply YES',
    'On Tue, 3 Mar 2026 at 10:14, Zoe <zoe@dealer.example> wrote:\n> Still looking?\n\nplease stop writing to me',
  ])('theirs, above or below the quote, do: %j', (text) => {
    expect(understand(text).kind).toBe('opt_out');
  });
});

describe('how far an opt-out reaches', () => {
  test.each([
    ["Email's fine but no more texts to this number please", 'sms'],
    ['sms:a inte, mejla hellre', 'sms'],
    ['stop calling, text me instead', 'call'],
    ['no emails please, whatsapp is fine', 'email'],
    ["don't whatsapp me, email instead", 'whatsapp'],
    ['Stop texting me. Email is ok', 'sms'],
    ['please stop emailing me, texts are fine', 'email'],
    ['no texts or calls, email only', 'sms'],
    ['Bitte keine Anrufe, lieber per E-Mail', 'call'],
    ['no me llamen, mejor por correo', 'call'],
    ['stop texting me', 'all'],
    ['no texts or calls please', 'all'],
    ["don't text me or ring me again", 'all'],
    ['Remove my email and phone from everything you have', 'all'],
  ])('%s -> %s', (text, scope) => {
    expect(understand(text)).toMatchObject({ kind: 'opt_out', scope });
  });
});

describe('where a person has to look', () => {
  test.each([
    "please don't text me while I'm at work",
    "don't call me right now, I'm driving",
    'ring inte före nio',
    'no me llamen antes de las 5',
    'abhi call mat karo, meeting me hu',
    'Never again. Bye.',
    "stop it, you're making me blush 😂 yes I'm up for it",
    'cancel it please',
    'can you email me instead?',
    '🛑',
  ])('%s', (text) => {
    expect(understand(text).kind).toBe('unsure');
  });

  test('"never" makes a limited ban one for good', () => {
    expect(understand("never ever text me while I'm at work").kind).toBe('opt_out');
  });
});

describe('automatic replies', () => {
  test.each([
    "I'm driving, I'll get back to you",
    "I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I get where I'm going.",
    "I'm currently out of the office with limited access to email. I'll reply when I return on Monday 14th.",
    'Jag kör bil just nu. Hör av mig när jag är framme. (Autosvar)',
    'Ich bin bis zum 3.8. nicht im Büro. Ihre E-Mail wird nicht weitergeleitet.',
    'Estoy fuera de la oficina hasta el lunes. Respuesta automática.',
  ])('are told by unmistakable phrases: %s', (text) => {
    expect(understand(text).kind).toBe('auto_reply');
  });

  test.each([
    'On holiday, ring me when I am back',
    "can't talk, in a meeting",
    'abhi driving kar raha hu, baad me call karo',
  ])('are not guessed from a person being busy: %s', (text) => {
    expect(understand(text).kind).toBe('message');
  });

  test('an opt-out inside one still counts', () => {
    expect(understand('Automatic reply: I have left the company. Please stop emailing me.').kind).toBe('opt_out');
  });
});

test('an opt-out names a stable rule', () => {
  expect(understand('please lose my number')).toMatchObject({ rule: 'en.forget_me' });
  expect(understand('Jag återkallar mitt samtycke')).toMatchObject({ rule: 'sv.consent' });
  expect(understand('lasst mich in Ruhe')).toMatchObject({ rule: 'de.leave_alone' });
  expect(understand('Next text goes straight to my lawyer')).toMatchObject({ rule: 'en.threat' });
});

describe('requests built from everyday parts are understood in every combination', () => {
  const PARTS = {
    en: {
      openings: [
        '',
        'please ',
        'hi, ',
        'not interested, ',
        'wrong number. ',
        'we bought one so ',
        'can you ',
        'i want you to ',
      ],
      requests: [
        'stop texting me',
        'quit messaging us',
        'stop sending these',
        'leave me alone',
        'remove my number',
        'take me off your list',
        'lose my number',
        'unsubscribe me',
      ],
      endings: ['', ' please', ' now', ' thanks', '!!!', ' 🙏', '. Thanks'],
    },
    sv: {
      openings: ['', 'snälla ', 'nej tack, ', 'fel nummer, ', 'inte intresserad, ', 'tack men '],
      requests: [
        'sluta skicka sms',
        'sluta skriv till mig',
        'ta bort mitt nummer',
        'inga fler meddelanden',
        'kontakta mig inte',
        'låt mig vara ifred',
        'avregistrera mig',
      ],
      endings: ['', ' tack', ' nu', '!!!', ' 🙏'],
    },
    es: {
      openings: ['', 'por favor ', 'no gracias, ', 'ya compré, ', 'número equivocado, '],
      requests: [
        'dejen de escribirme',
        'no me manden más mensajes',
        'bórrenme de su lista',
        'quiero darme de baja',
        'no quiero más mensajes',
        'déjenme en paz',
      ],
      endings: ['', ' por favor', ' gracias', ' ya', '!!!'],
    },
    de: {
      openings: ['', 'bitte ', 'nein danke, ', 'falsche nummer, ', 'kein interesse, '],
      requests: [
        'hören Sie auf mir zu schreiben',
        'keine Nachrichten mehr',
        'löschen Sie meine Nummer',
        'nehmen Sie mich aus dem Verteiler',
        'lasst mich in Ruhe',
        'nicht mehr anrufen',
      ],
      endings: ['', ' bitte', ' danke', '!!!'],
    },
    hi: {
      openings: ['', 'please ', 'bhai ', 'nahi chahiye, ', 'galat number hai, ', 'कृपया '],
      requests: [
        'message mat bhejo',
        'call mat karo',
        'mera number hatao',
        'list se hata do',
        'msg bhejna band karo',
        'मैसेज मत भेजो',
        'मेरा नंबर हटा दो',
      ],
      endings: ['', ' bhai', ' ji', '!!!', ' 🙏'],
    },
  };

  test.each(Object.entries(PARTS))('%s', (_language, { openings, requests, endings }) => {
    const texts = openings.flatMap((open) => requests.flatMap((ask) => endings.map((end) => `${open}${ask}${end}`)));
    expect(texts.filter((text) => understand(text).kind !== 'opt_out')).toEqual([]);
  });
});

describe('hostile input', () => {
  test('never makes it throw', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc
        .array(
          fc.constantFrom(
            'stop',
            'dont',
            '*',
            '$',
            'no more',
            '> ',
            '“',
            '\ud83d',
            'On 1',
            'wrote:',
            '@',
            'ß',
            '\ufdfa',
            'मत',
          ),
          {
            maxLength: 80,
          },
        )
        .map((parts) => parts.join(' ')),
    );
    fc.assert(fc.property(anything, (text) => typeof understand(text).kind === 'string'));
  });

  // processor time, so that a busy machine does not fail it; a backtracking blow-up would take minutes
  test.each([
    'a ',
    'stop ',
    'dont you stop ',
    'no ',
    's.t.o.p ',
    '@',
    'a@',
    'on 1 ',
    '> x\n',
    '“',
    'i',
    'mat karo msg ',
    '\ufdfa',
    '*a',
  ])('of 10 kB and of 200 kB is answered in bounded time: %j', (part) => {
    for (const length of [10_000, 200_000]) {
      const text = part.repeat(length / part.length);
      const before = process.cpuUsage();
      understand(text);
      const { user } = process.cpuUsage(before);
      expect(user / 1_000).toBeLessThan(500);
    }
  });

  test('an opt-out at the end of a long message is read', () => {
    expect(understand(`${'I would like to tell you about my week. '.repeat(100)}Anyway, stop texting me.`).kind).toBe(
      'opt_out',
    );
  });
});
