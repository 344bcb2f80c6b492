import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KnownError } from '../../../src/lib/errors.ts';
import { compileTemplate, segments } from '../../../src/messaging/render.ts';
import { loadPlaybooks, toWhatsAppBody, whatsAppVariables } from '../../../src/tenants/playbooks/index.ts';

const playbook = loadPlaybooks(join(import.meta.dirname, '../../../conversations')).get('test-drive');
const values = {
  name: 'Åsa',
  car: 'Volvo XC60',
  salesperson: 'Erik',
  business: 'Nordic Motors',
  terms_link: 'https://nm.example/t',
  opt_out_link: 'https://nm.example/o/abc',
  phone: '+46 8 465 004 10',
};
const rendered = (key: string, language: string) =>
  compileTemplate(playbook.template(key, language).body).render(values);

/** The template as WhatsApp would put it together from the numbered variables. */
function byWhatsApp(template: { body: string }, given: Record<string, string>): string {
  const { body, order } = toWhatsAppBody(template);
  const variables = whatsAppVariables(order, given);
  return body.replace(/\{\{(\d+)\}\}/g, (_, number: string) => variables[number] ?? '');
}

describe('what customers read', () => {
  test.each([
    [
      'en',
      `Hi Åsa, thank you for test driving the Volvo XC60 with us at Nordic Motors.
The terms for the drive are here: https://nm.example/t
Any questions? Just reply, Erik is happy to help.
To opt out, reply STOP or open https://nm.example/o/abc at any time.`,
      `Hi Åsa, this is Erik at Nordic Motors. Has anything come up since you drove the Volvo XC60? Equipment, delivery time, running costs: just reply with your question.
Reply STOP to opt out.`,
    ],
    [
      'sv',
      `Hej Åsa! Tack för att du kom och provkörde Volvo XC60 hos oss på Nordic Motors.
Villkoren för provkörningen finns här: https://nm.example/t
Har du frågor? Svara här, så hjälper Erik dig gärna.
Svara STOPP om du inte vill ha fler meddelanden, eller öppna https://nm.example/o/abc när som helst.`,
      `Hej Åsa, det här är Erik på Nordic Motors. Har du kommit att tänka på något sedan du provkörde Volvo XC60? Utrustning, leveranstid, driftskostnad: svara här med din fråga.
Svara STOPP för att slippa fler meddelanden.`,
    ],
    [
      'de',
      `Hallo Åsa, vielen Dank für Ihre Probefahrt mit dem Volvo XC60 bei Nordic Motors.
Die Bedingungen für die Probefahrt finden Sie hier: https://nm.example/t
Haben Sie Fragen? Antworten Sie einfach, Erik hilft Ihnen gern.
Wenn Sie sich abmelden möchten, antworten Sie mit STOPP oder öffnen Sie https://nm.example/o/abc jederzeit im Browser.`,
      `Hallo Åsa, hier ist Erik von Nordic Motors. Ist nach der Fahrt mit dem Volvo XC60 noch etwas offen? Ausstattung, Lieferzeit, laufende Kosten: Antworten Sie einfach mit Ihrer Frage.
Antworten Sie mit STOPP, um sich abzumelden.`,
    ],
    [
      'es',
      `Hola Åsa, gracias por venir a probar el Volvo XC60 con nosotros en Nordic Motors.
Las condiciones de la prueba se pueden leer en https://nm.example/t
¿Tiene alguna pregunta? Responda a este mensaje y Erik le ayuda con mucho gusto.
Para dejar de recibir mensajes, responda BAJA o abra https://nm.example/o/abc cuando quiera.`,
      `Hola Åsa, le escribe Erik de Nordic Motors. ¿Le ha surgido alguna duda desde que condujo el Volvo XC60? Equipamiento, plazo de entrega, gastos de uso: responda a este mensaje con su pregunta.
Para dejar de recibir mensajes, responda BAJA.`,
    ],
    [
      'hi',
      `Namaste Åsa ji, Nordic Motors mein Volvo XC60 ki test drive ke liye dhanyavaad.
Test drive ki sharten yahan hain: https://nm.example/t
Koi sawaal ho to yahin reply karein, Erik se madad milegi.
Message band karne ke liye STOP ya BAND KARO likhein, ya https://nm.example/o/abc kabhi bhi kholein.`,
      `Namaste Åsa ji, yeh message Nordic Motors se Erik ka hai. Volvo XC60 chalane ke baad koi sawaal mann mein aaya? Features, delivery, running cost: apna sawaal yahin likhein.
Message band karne ke liye STOP ya BAND KARO likhein.`,
    ],
  ])('day 0 and day 2 in %s', (language, day0, day2) => {
    expect(rendered('drive_thanks', language)).toBe(day0);
    expect(rendered('drive_follow_up_1', language)).toBe(day2);
  });

  test('the confirmation of an opt-out says one thing', () => {
    expect(rendered('opt_out_confirmation', 'en')).toBe(
      'Done, you will get no more messages from Nordic Motors. If you change your mind, reply START.',
    );
  });

  test.each(playbook.templates.map((template) => [template.language, template.key, template] as const))(
    '%s %s fits its SMS segments in GSM-7 and reads the same on WhatsApp',
    (_, key, template) => {
      const text = compileTemplate(template.body).render(template.samples);
      const most = key === 'drive_thanks' ? 3 : /^(drive|booking)_|^unknown_sender$/.test(key) ? 2 : 1;
      expect(segments(text)).toMatchObject({ encoding: 'GSM-7' });
      expect(segments(text).segments).toBeLessThanOrEqual(most);
      expect(byWhatsApp(template, template.samples)).toBe(text);
      expect(text).toContain(template.samples.business);
    },
  );
});

describe('strictness', () => {
  test('every variable that cannot be filled is named, and no value is repeated', () => {
    const template = compileTemplate('Hi {name}, the {car} from {business} and {phone} today.');
    const attempt = () => template.render({ name: 'Anna', car: '', business: '\u200b \n', phone: '5'.repeat(256) });
    expect(attempt).toThrow(KnownError);
    expect(attempt).toThrow('template variables missing, empty or too long: car, business, phone');
    try {
      attempt();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'validation_error',
        problems: [
          { field: 'car', message: '{car} has no value.' },
          { field: 'business', message: '{business} has no value.' },
          { field: 'phone', message: '{phone} is longer than 255 characters.' },
        ],
      });
      expect(String(error)).not.toContain('555');
    }
  });

  test('what every object inherits is not a value', () => {
    expect(() => compileTemplate('Hi {constructor} there').render({})).toThrow('constructor');
  });

  test.each([
    'Hi {{name}} there',
    'Hi {Name} there',
    'Hi {name there',
    'Hi } there',
    'Hi {} there',
    'Hi { name } there',
  ])('a brace that is no variable is refused: %s', (body) => {
    expect(() => compileTemplate(body)).toThrow(KnownError);
  });

  test('variables are listed once, in order of appearance', () => {
    expect(compileTemplate('{b} and {a} and {b}').variables).toEqual(['b', 'a']);
  });

  test.each([
    ['Anna\r\n\tMaria', 'Anna Maria'],
    ['  Anna      Maria  ', 'Anna Maria'],
    ['An\u0000na\u001b', 'Anna'],
    ['A\u030asa', 'Åsa'],
    ['\u202eanna\u202c', 'anna'],
    ['Anna\u2028Maria', 'Anna Maria'],
    ['Anna \ud83d', 'Anna'],
    ['{car}', '(car)'],
    ['{{1}}', '((1))'],
    ['प्रिया', 'प्रिया'],
    ['👩‍👧 Anna', '👩‍👧 Anna'],
    ['$& $1', '$& $1'],
  ])('a value is plain text on one line: %p', (value, shown) => {
    expect(compileTemplate('<{name}>').render({ name: value })).toBe(`<${shown}>`);
  });
});

describe('whatever the values are', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('{', '}', 'car', 'name', '1', ' ', '\n', '\t', '\u200b', '\u202e', 'é', '$') }),
    fc.constantFrom('{name}', '{{1}}', '{car', 'x}', '$1', '%s', '\\n', '__proto__'),
  );
  const template = playbook.template('drive_follow_up_1', 'en');
  const compiled = compileTemplate(template.body);
  const given = fc.record({ name: nasty, car: nasty, salesperson: nasty, business: nasty });

  const attempt = (render: () => string): string | KnownError => {
    try {
      return render();
    } catch (error) {
      if (error instanceof KnownError) return error;
      throw error;
    }
  };

  test('no value introduces a variable, a line or a control character', () => {
    const lines = template.body.split('\n').length;
    fc.assert(
      fc.property(given, (values) => {
        const text = attempt(() => compiled.render(values));
        if (typeof text !== 'string') return;
        expect(text).not.toMatch(/[{}]|[^\P{Cc}\n]|\p{Cs}| {2}/u);
        expect(text.split('\n')).toHaveLength(lines);
      }),
      { numRuns: 500 },
    );
  });

  test('WhatsApp puts together exactly what we record, or both refuse for the same reason', () => {
    fc.assert(
      fc.property(given, (values) => {
        const ours = attempt(() => compiled.render(values));
        const theirs = attempt(() => byWhatsApp(template, values));
        if (typeof ours === 'string') expect(theirs).toBe(ours);
        else expect(theirs).toMatchObject({ problems: ours.problems });
      }),
      { numRuns: 500 },
    );
  });

  test('a value that was cleaned stays as it is', () => {
    const one = compileTemplate('<{name}>');
    fc.assert(
      fc.property(nasty, (value) => {
        const once = attempt(() => one.render({ name: value }));
        if (typeof once === 'string') expect(one.render({ name: once.slice(1, -1) })).toBe(once);
      }),
      { numRuns: 500 },
    );
  });
});

describe('SMS segments', () => {
  test.each([
    ['', 'GSM-7', 0, 0],
    ['a'.repeat(160), 'GSM-7', 160, 1],
    ['a'.repeat(161), 'GSM-7', 161, 2],
    ['a'.repeat(306), 'GSM-7', 306, 2],
    ['a'.repeat(307), 'GSM-7', 307, 3],
    ['åäöÅÄÖéèñÑ¿¡ßüÜàÇ@£$\n\r', 'GSM-7', 22, 1],
    ['€[]{}\\^~|', 'GSM-7', 18, 1],
    ['€'.repeat(80), 'GSM-7', 160, 1],
    ['€'.repeat(81), 'GSM-7', 162, 2],
    // 76 extension characters fill 152 of 153: the 77th does not split, so 153 of them need three segments.
    ['€'.repeat(152), 'GSM-7', 304, 2],
    ['€'.repeat(153), 'GSM-7', 306, 3],
    ['á', 'UCS-2', 1, 1],
    ['ç', 'UCS-2', 1, 1],
    ['”', 'UCS-2', 1, 1],
    ['न'.repeat(70), 'UCS-2', 70, 1],
    ['न'.repeat(71), 'UCS-2', 71, 2],
    ['न'.repeat(134), 'UCS-2', 134, 2],
    ['न'.repeat(135), 'UCS-2', 135, 3],
    ['😀'.repeat(35), 'UCS-2', 70, 1],
    ['😀'.repeat(66), 'UCS-2', 132, 2],
    // 33 pairs fill 66 of 67, so 67 pairs need three segments though 134 units would fit in two.
    ['😀'.repeat(67), 'UCS-2', 134, 3],
  ])('%p', (text, encoding, units, count) => {
    expect(segments(text)).toEqual({ encoding, units, segments: count });
  });

  test('more text never costs fewer segments', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        (text, more) => {
          expect(segments(text + more).segments).toBeGreaterThanOrEqual(segments(text).segments);
        },
      ),
    );
  });
});
