import { fold } from './terms.ts';

/* What everybody calls what there is to know of a person, in forms and in sheets, besides a playbook's own names. */

export const PERSON_NAMES = {
  name: [
    'full name',
    'contact name',
    'customer name',
    'lead name',
    'kundnamn',
    'kundenname',
    'nombre completo',
    'पूरा नाम',
  ],
  first_name: [
    ...['first name', 'given name', 'forename', 'fname', 'förnamn', 'vorname', 'nombre', 'nombres'],
    ...['पहला नाम', 'प्रथम नाम'],
  ],
  last_name: [
    ...[
      'last name',
      'surname',
      'family name',
      'lname',
      'efternamn',
      'nachname',
      'familienname',
      'apellido',
      'apellidos',
    ],
    ...['उपनाम', 'अंतिम नाम'],
  ],
  phone: [
    ...['phone', 'phone number', 'mobile', 'mobile phone', 'mobile number', 'cell', 'cell phone', 'telephone', 'tel'],
    ...['contact number', 'work phone', 'work phone number', 'whatsapp number', 'telefon', 'telefonnummer', 'mobil'],
    ...['mobilnummer', 'mobiltelefon', 'mobilnr', 'telefonnr', 'tfn', 'handy', 'handynummer', 'rufnummer', 'mobilfunk'],
    ...['teléfono', 'número de teléfono', 'móvil', 'celular', 'teléfono móvil'],
    ...['फ़ोन', 'फोन', 'फ़ोन नंबर', 'मोबाइल', 'मोबाइल नंबर', 'दूरभाष'],
  ],
  email: [
    ...['email', 'e-mail', 'email address', 'e-mail address', 'work email', 'mail', 'e-post', 'epost', 'e-postadress'],
    ...['mejl', 'e-mail-adresse', 'mailadresse', 'correo', 'correo electrónico', 'ईमेल', 'ई-मेल', 'ईमेल पता'],
  ],
} as const satisfies Record<string, readonly string[]>;

const YES = new Set(
  [
    ...['yes', 'y', 'true', '1', 'x', 'on', 'ok', 'checked', 'agree', 'agreed', 'ja', 'j', 'wahr', 'sant', 'si'],
    ...['verdadero', 'haan', 'हा', 'हां'],
  ].map((word) => fold(word).join(' ')),
);

/** Whether a box was ticked, in any of the ways in which forms and sheets say so. Pure. */
export const saysYes = (value: string): boolean => YES.has(fold(value).join(' '));
