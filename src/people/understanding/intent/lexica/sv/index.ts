import type { Lexicon } from '../../concepts.ts';
import { anger } from './anger.ts';
import { deals } from './deals.ts';
import { plans } from './plans.ts';
import { talk } from './talk.ts';
import { words } from './words.ts';

/** Swedish. */
export const swedish: Lexicon = {
  code: 'sv',
  words,
  phrases: { ...plans, ...deals, ...anger, ...talk },
  idle: [
    'inga klagomål|problem',
    'ingen fara|orsak|brådska|stress',
    'avboka|ställ inte',
    'kan knappt|inte vänta',
    'ring|ringa inte? på dörren|dörrklockan',
  ],
  everyday: `och att det som en ett på är av för med till den har de inte om jag vi du ni han hon men var vad när hur kan ska skulle vill får måste
    mig dig er oss min mitt mina din ditt era ert vår våra från vid efter under över mellan utan bara också nu då så här där sen sedan
    ja nej tack hej gärna mycket mer mera någon något några nån nåt ingen inget inga alla allt annan annat eller blir bli varit vara hade finns
    går gå kommer komma kom se ser tycker tror vet behöver bra lite redan igen idag imorgon tid dag veckan bil bilen man sig dom detta denna dessa
    fortfarande ju väl heller hellre bli skicka ring`,
  namesByCapital: true,
  fillers: `snälla bara ju väl faktiskt alltså hej hejsan hallå tjena vänligen lite då liksom typ mvh tyvärr nog jättegärna ganska riktigt helt
    också verkligen`,
  openers: 'och men så eller för ok okej då utan fast',
  rewrites: {
    'i dag': 'idag',
    'i morgon': 'imorgon',
    'i morron': 'imorgon',
    'i kväll': 'ikväll',
    'i stället': 'istället',
    imorron: 'imorgon',
    imorn: 'imorgon',
    'e post': 'epost',
    mkt: 'mycket',
    iofs: 'visserligen',
    oxå: 'också',
    ngn: 'någon',
    ngt: 'något',
    d: 'det',
    e: 'är',
    o: 'och',
    å: 'och',
    asså: 'alltså',
    'av boka': 'avboka',
    'om boka': 'omboka',
    'prov köra': 'provköra',
    'mina sidor': 'portalen',
  },
  misspelt: `intresserad provkörning provköra visning imorgon eftermiddag lördag söndag onsdag torsdag måndag tisdag fredag avboka omboka
    kostnad finansiering garanti leverans öppettider besviken återkommer fortfarande lägenheten tillgänglig lösenord hemsidan
    uppskattar kontakta tidigare istället månadskostnad handpenning rörmokare elektriker besiktning boka ringa rabatt`,
};
