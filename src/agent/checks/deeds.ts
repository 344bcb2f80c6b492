import type { Deed, Finding } from './types.ts';

/*
 * What a text says has been done. A sentence that says so while nothing was done is the worst kind of promise: the customer
 * comes on Saturday, and nobody is there. On plain text.
 */

const bounded = (...patterns: string[]) =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${patterns.join('|')})(?![\\p{L}\\p{M}\\p{N}])`, 'u');

const SAYS: Readonly<Record<Deed, RegExp>> = {
  booked: bounded(
    "(?:is|are|was|were|been|be|'s|'re|got|all|now) (?:now |all |already )?(?:booked|scheduled)|booked (?:you|it|them|for|in|everything)|(?:i|we)(?:'ve| have)? (?:booked|scheduled)|your appointment is",
    '(?:ar|blev|har|nu) (?:nu |redan )?(?:in)?boka(?:d|t|de|ts)|inbokad\\p{L}*|din tid ar',
    '(?:ist|sind|wurden?|habe|haben) (?:[\\p{L}\\p{N}]+ ){0,4}(?:gebucht|eingetragen|vereinbart)|ihr termin (?:ist|steht)',
    '(?:queda|quedan|esta|estan|he|hemos|ha sido) (?:ya |todo )?(?:reservad|agendad|confirmad|programad)\\p{L}*|cita queda anotada|su cita (?:es|esta)',
    'book (?:ho|kar) (?:gay|di|diya|de)\\p{L}*|booking (?:ho|kar) (?:gay|di|diya)\\p{L}*|appointment pakk\\p{L}+|बुक (?:हो|कर) (?:ग|द)[\\p{L}\\p{M}]*',
  ),
  changed: bounded(
    "(?:is|are|was|been|it|i|i've|i have|we have|'s) (?:now )?(?:moved|rescheduled|cancelled|canceled)|(?:moved|cancelled|canceled) (?:it|your|the)",
    '(?:ar|har|blev) (?:nu )?(?:flytta|avboka)(?:d|t)|flyttat (?:den|din|tiden)|avbokat',
    '(?:ist|sind|wurde|habe|haben) (?:[\\p{L}]+ ){0,4}(?:verschoben|abgesagt|storniert)',
    '(?:queda|esta|he|hemos|ha sido) (?:ya )?(?:cambiad|anulad|cancelad|movid)\\p{L}*',
    '(?:samay|booking|appointment) (?:[\\p{L}]+ )?(?:badal|hata|cancel) (?:di|diya|kar|ho)\\p{L}*|(?:रद्द|कैंसल) (?:हो|कर) (?:ग|द)[\\p{L}\\p{M}]*',
  ),
  done: new RegExp(
    `(?:^|[.!?…\\n] ?)(?:${[
      "(?:it is |it's |that is |that's )?(?:all )?(?:done|confirmed|sorted|deleted|removed)",
      '(?:nu ar )?(?:allt )?(?:ar )?(?:klart|fixat|gjort|bekraftat|raderat)',
      'erledigt|bestatigt|gemacht|geloscht',
      'listo|hecho|confirmado|borrado',
      '(?:sab )?(?:ho gaya|kar diya|confirm hai)|(?:सब )?(?:हो गया|कर दिया)',
    ].join('|')})(?![\\p{L}\\p{M}\\p{N}])`,
    'u',
  ),
  opted_out: bounded(
    'unsubscribed|opted[ -]out|removed from (?:the|our|your) list',
    'avanmald\\p{L}*|avregistrerad\\p{L}*',
    'abgemeldet|ausgetragen',
    'dad[oa]s? de baja',
    'unsubscribe (?:ho|kar) (?:gay|di|diya)\\p{L}*',
  ),
};

/** What it says has been done, and has not. `text` is plain; `done` is what really happens with it. */
export function deedFindings(plain: string, done: ReadonlySet<Deed>): Finding[] {
  return (Object.keys(SAYS) as Deed[])
    .filter((deed) => !done.has(deed))
    .flatMap((deed) => {
      const found = SAYS[deed].exec(plain);
      return found
        ? [{ code: 'deed' as const, found: found[0].trim(), words: 'it says that something is done, and it is not' }]
        : [];
    })
    .slice(0, 1);
}
