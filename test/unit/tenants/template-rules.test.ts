import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toWhatsAppBody, whatsAppVariables } from '../../../src/tenants/playbooks/index.ts';
import {
  optOutProblems,
  sellingProblems,
  tellsHowToOptOut,
  whatsAppProblems,
} from '../../../src/tenants/playbooks/lint.ts';

describe('WhatsApp', () => {
  test('bodies are numbered without gaps, each occurrence by itself', () => {
    expect(toWhatsAppBody({ body: 'Hi {name}, the {car} and {name} too.' })).toEqual({
      body: 'Hi {{1}}, the {{2}} and {{3}} too.',
      order: ['name', 'car', 'name'],
    });
  });

  test('variables are numbered, cleaned text', () => {
    expect(whatsAppVariables(['name', 'car'], { name: ' Anna\nMaria ', car: 'X5\t{{1}}' })).toEqual({
      1: 'Anna Maria',
      2: 'X5 ((1))',
    });
  });

  test('an empty variable is refused by name, since WhatsApp refuses it too', () => {
    expect(() => whatsAppVariables(['name', 'car'], { name: 'Anna', car: ' ' })).toThrow(
      'template variables missing, empty or too long: car',
    );
  });

  test.each([
    ['{name}, one two three four thanks.', 'starts with a variable'],
    ['Thanks a lot for coming to {name}', 'ends with a variable'],
    ['Thanks a lot for coming to us {name}, {car} is the one you drove.', 'has no word between {name} and {car}'],
    ['Hi {name}, bye.', 'has 2 words for its variables; at least 4 are needed'],
    [`Hi ${'very '.repeat(210)}much.`, 'has 1058 characters; WhatsApp takes 1024'],
    ['Hi there.\n\n\nThanks.', 'has a tab, four spaces or three line breaks in a row'],
  ])('%p: %s', (body, problem) => {
    expect(whatsAppProblems(body)).toContain(problem);
  });
});

describe('COMPLIANCE T9.3 words that sell in a service text are named', () => {
  test.each([
    ['Your appointment is on Monday. 20 % off winter tyres!', '% off'],
    ['Thanks for coming! Use your VOUCHER before Friday.', 'voucher'],
    ['Tack för besöket! Just nu har vi rabatt på service.', 'rabatt'],
    ['Ihr Termin steht. Sichern Sie sich den Aktionspreis!', 'aktionspreis'],
    ['Gracias por su visita. Tenemos un descuento para usted.', 'descuento'],
    ['Aapki booking pakki hai. Is hafte chhoot hai.', 'chhoot'],
  ])('%s', (body, word) => {
    expect(sellingProblems(body)).toEqual([`says "${word}", which advertises: a text of the category UTILITY may not`]);
  });

  test.each([
    'Ihr Angebot kommt morgen, {name}.',
    'Hi {name}, the offer that you asked for is ready.',
    'Rabattinoteca har stängt, {name}.',
    'Hi {name}, {discount} is what you chose.',
  ])('but not in "%s"', (body) => {
    expect(sellingProblems(body)).toEqual([]);
  });
});

describe('COMPLIANCE T1.5 no text asks for a stop word with another meaning', () => {
  const english = { words: ['STOP'], meaning: ['opt out'] };
  const swedish = { words: ['STOPP'], meaning: ['slippa fler meddelanden'] };
  const german = { words: ['STOPP', 'ABMELDEN'], meaning: ['abzumelden'] };
  const spanish = { words: ['BAJA'], meaning: ['dejar de recibir mensajes'] };
  const hindi = { words: ['STOP', 'BAND KARO'], meaning: ['message band karne ke liye'] };

  test.each([
    ['Reply CANCEL to move your appointment.', english],
    ['reply cancel to move your appointment', english],
    ['Just reply with the word "end" when you have arrived.', english],
    ['Answer “quit” to finish.', english],
    ['Reply STOP and we will call you.', english],
    ['Want to opt out? Reply STOP for a call.', english],
    ['Text back END when parked.', english],
    ['Svara STOPP när du är framme.', swedish],
    ['Svara med cancel om tiden inte passar.', swedish],
    ['Antworten Sie mit Abmelden, wenn Sie den Termin absagen.', german],
    ['Responda CANCELAR para cambiar la cita.', spanish],
    ['Appointment badalne ke liye cancel likhein.', hindi],
    ['Gaadi chhodne ke liye BAND KARO likhein.', hindi],
  ])('refuses %p', (body, wording) => {
    expect(optOutProblems(body, wording)).not.toEqual([]);
  });

  test.each([
    ['Reply STOP to opt out.', english],
    ['Write to us when you stop by at the end of the day, or cancel any time.', english],
    ['The weekend is fine, and THE FRIEND too.', english],
    ['Svara STOPP för att slippa fler meddelanden.', swedish],
    ['Antworten Sie mit STOPP, um sich abzumelden.', german],
    ['Para dejar de recibir mensajes, responda BAJA.', spanish],
    ['Message band karne ke liye STOP ya BAND KARO likhein.', hindi],
  ])('accepts %p', (body, wording) => {
    expect(optOutProblems(body, wording)).toEqual([]);
  });

  test('a word is only an opt-out hint in a sentence that says so', () => {
    expect(tellsHowToOptOut('Reply STOP to opt out.', english)).toBe(true);
    expect(tellsHowToOptOut('Reply STOP.', english)).toBe(false);
    expect(tellsHowToOptOut('You may opt out.', english)).toBe(false);
    expect(tellsHowToOptOut('You may opt out when you stop by.', english)).toBe(false);
  });

  test('whatever a stop word is asked for by, it is found', () => {
    const word = fc.constantFrom('STOP', 'END', 'QUIT', 'CANCEL', 'UNSUBSCRIBE', 'REVOKE', 'REMOVE', 'BAJA', 'STOPP');
    const asked = fc.constantFrom(
      'Reply',
      'reply with',
      'Text us',
      'send',
      'Antworten Sie mit',
      'svara',
      'responda con',
    );
    const quote = fc.constantFrom('', '"', '“', "'");
    const spelled = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toLowerCase(),
    );
    fc.assert(
      fc.property(word, asked, quote, spelled, (what, how, mark, spell) => {
        expect(
          optOutProblems(`Hello. ${how} ${mark}${spell(what)}${mark} to confirm the visit.`, english),
        ).toHaveLength(1);
      }),
    );
  });
});
