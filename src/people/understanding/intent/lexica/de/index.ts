import type { Lexicon } from '../../concepts.ts';
import { anger } from './anger.ts';
import { deals } from './deals.ts';
import { plans } from './plans.ts';
import { talk } from './talk.ts';
import { words } from './words.ts';

/** German. */
export const german: Lexicon = {
  code: 'de',
  words,
  phrases: { ...plans, ...deals, ...anger, ...talk },
  idle: [
    'keine beschwerden|beschwerde|probleme|eile|sorge|frage|fragen',
    'kein problem|ding|stress|thema',
    'nicht stornieren|absagen|löschen',
    'kann ..1 kaum|nicht erwarten|abwarten',
  ],
  everyday: `der die das den dem des ein eine einen einem einer und oder aber denn weil wenn dass ob als wie wo was wer wann warum welche welcher
    ich du er sie es wir ihr mich mir dich dir uns euch ihnen ihm mein meine dein deine sein seine ihre unser unsere ist sind war waren bin bist seid
    hat haben habe hatte hatten wird werden wurde kann können könnte könnten muss müssen will wollen möchte möchten soll sollen darf würde würden
    nicht kein keine nein ja auch noch schon nur mal sehr mehr viel viele alle alles etwas nichts jemand niemand hier da dort dann jetzt heute morgen
    gestern immer nie wieder bitte danke hallo guten tag gern gerne gut von vom zu zum zur mit nach bei aus auf an am im in für um über unter vor bis
    seit ohne gegen durch sich man so doch halt eben eigentlich leider gibt geht macht machen kommt kommen`,
  namesByCapital: false,
  fillers: `bitte mal doch einfach hallo hi hey moin servus denn eigentlich echt halt eben leider sehr ganz wirklich gerne gern auch
    mfg lg grüße gruß wohl`,
  openers: 'und aber also oder denn da weil dann',
  rewrites: {
    "hab's": 'habe',
    'wie viel': 'wieviel',
    'wie viele': 'wieviele',
    hab: 'habe',
    gehts: 'geht',
    gibts: 'gibt',
    hats: 'hat',
    ists: 'ist',
    wärs: 'wäre',
    wirds: 'wird',
    kanns: 'kann',
    'so bald': 'sobald',
    nich: 'nicht',
    nix: 'nichts',
    ned: 'nicht',
    net: 'nicht',
    ne: 'eine',
    nen: 'einen',
    n: 'ein',
    nem: 'einem',
    ner: 'einer',
    is: 'ist',
    i: 'ich',
    mim: 'mit',
    aufm: 'auf',
    fürs: 'für',
    ma: 'mal',
    nochma: 'nochmal',
    'an rufen': 'anrufen',
    'zurück rufen': 'zurückrufen',
    'probe fahrt': 'probefahrt',
    'vorbei kommen': 'vorbeikommen',
    'morgen früh': 'morgen',
    'in zahlung': 'inzahlung',
    'e mail': 'email',
    vllt: 'vielleicht',
    vlt: 'vielleicht',
    viell: 'vielleicht',
    bzgl: 'bezüglich',
    'a bissl': 'etwas',
    mog: 'mag',
  },
  misspelt: `interesse interessiert termin probefahrt besichtigung verschieben absagen stornieren angebot finanzierung garantie verfügbar
    vereinbaren passwort öffnungszeiten dienstag mittwoch donnerstag samstag sonntag nachmittag vormittag enttäuscht unverschämt
    beschwerde rückruf zurückrufen anrufen unterlagen handwerker elektriker kostenvoranschlag inzahlungnahme verfügbar kilometerstand
    nummer falsche danke dankeschön wohnung telefonieren versprochen anzahlung funktioniert`,
};
