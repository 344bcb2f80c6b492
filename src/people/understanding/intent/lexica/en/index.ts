import type { Lexicon } from '../../concepts.ts';
import { anger } from './anger.ts';
import { deals } from './deals.ts';
import { plans } from './plans.ts';
import { talk } from './talk.ts';
import { words } from './words.ts';

/** English. */
export const english: Lexicon = {
  code: 'en',
  words,
  phrases: { ...plans, ...deals, ...anger, ...talk },
  idle: [
    'no complaints|complaint',
    'dont|never|not ..3 CANCEL',
    'no rush|hurry|problem|worries|issues|further',
    'no more questions',
    'will|does|would that|this|it ..1 CANCEL',
    'not going to lie',
    'no need to stop',
    'cant wait',
    'never seen|been ..2 better|nicer|such|anything',
    'get|take me wrong',
  ],
  everyday: `the a an and or but of to in on at by for from with without about into over under after before between is are was were be been being am
    im its it i me my mine you your yours he she they them their we us our this that these those there here what which who when where why how
    do does did done dont doesnt didnt can cant could couldnt will wont would wouldnt should have has had havent hasnt not no yes if then than
    so because just only also too very more most much many some any all each other another same again still already yet now never always
    get got getting go going gone come came make made take took see saw look looking want wanted need needed know think let tell told say
    said send sent call called thanks thank please hi hey hello u ur r pls ive youre weve youve thats whats hes shes theyre id ill well
    good great nice sorry back up down out off one two time day week`,
  namesByCapital: true,
  fillers: `please pls plz plx kindly just really very actually hi hey hello hiya guys mate bro dude man sir madam so probably
    quite literally honestly tbh basically also even ever fucking bloody damn`,
  openers: 'and but so because cos cause coz then or ok okay although though',
  rewrites: {
    'do not': 'dont',
    'can not': 'cant',
    cannot: 'cant',
    'will not': 'wont',
    'did not': 'didnt',
    'does not': 'doesnt',
    'is not': 'isnt',
    'are not': 'arent',
    'was not': 'wasnt',
    'have not': 'havent',
    'has not': 'hasnt',
    'could not': 'couldnt',
    'would not': 'wouldnt',
    'no longer': 'nolonger',
    'any longer': 'anymore',
    'any more': 'anymore',
    'no one': 'noone',
    no1: 'noone',
    'i am': 'im',
    'we are': 'were',
    'it is': 'its',
    'that is': 'thats',
    'what is': 'whats',
    'who is': 'whos',
    'where is': 'wheres',
    'i will': 'ill',
    'i have': 'ive',
    'we have': 'weve',
    'you are': 'youre',
    'i would': 'id',
    'going to': 'gonna',
    'want to': 'wanna',
    'got to': 'gotta',
    'have got': 'have',
    'thank you': 'thanks',
    'thank u': 'thanks',
    'of course': 'ofcourse',
    nevermind: 'never mind',
    'part exchange': 'partex',
    'part ex': 'partex',
    px: 'partex',
    'trade in': 'tradein',
    'trade ins': 'tradein',
    'in stock': 'stock',
    'e mail': 'email',
    'phone call': 'call',
    'call out': 'callout',
    'call outs': 'callout',
    'log in': 'login',
    'sign in': 'login',
    'any one': 'anyone',
    wat: 'what',
    wats: 'whats',
    wen: 'when',
    wht: 'what',
    nt: 'not',
    b: 'be',
    cud: 'could',
    wud: 'would',
    shud: 'should',
    hav: 'have',
    hv: 'have',
    abt: 'about',
    bk: 'back',
    nxt: 'next',
    gd: 'good',
    luv: 'love',
    wk: 'week',
    b4: 'before',
  },
  misspelt: `appointment interested available tomorrow wednesday thursday saturday schedule reschedule cancel discount address warranty
    definitely disappointed terrible unacceptable refund engineer plumber delivery finance mileage viewing booking
    question number wrong thanks afternoon morning evening password website ridiculous message manager monday tuesday friday sunday
    appreciate expensive property please quote estimate someone nobody interest budget`,
};
