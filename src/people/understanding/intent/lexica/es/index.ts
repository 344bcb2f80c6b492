import type { Lexicon } from '../../concepts.ts';
import { anger } from './anger.ts';
import { deals } from './deals.ts';
import { plans } from './plans.ts';
import { talk } from './talk.ts';
import { words } from './words.ts';

/** Spanish. */
export const spanish: Lexicon = {
  code: 'es',
  words,
  phrases: { ...plans, ...deals, ...anger, ...talk },
  idle: [
    'ninguna queja',
    'sin problema|problemas|prisa',
    'no cancele|cancelen|canceles',
    'no hay problema|prisa',
    'no hace|hay ..1 prisa',
  ],
  everyday: `el la los las un una unos unas de del al a en con por para sin sobre entre desde hasta y o ni que qué como cómo cuando cuándo donde dónde
    cuál cual quién quien cuánto cuanto porque pero si sí no ya más mas muy también tampoco solo sólo yo tú usted él ella nosotros ustedes ellos
    me te se nos le les lo mi mis tu tus su sus nuestro este esta esto ese esa eso estos estas aquí ahí allí es son está están estoy estamos era fue
    ser estar hay tener tengo tiene tienen tenemos hacer hago hace hacen puedo puede pueden podemos quiero quiere queremos necesito gracias hola
    buenos buenas días tardes noches favor bien mal bueno buena algo nada nadie todo todos todavía aún ahora ahorita hoy mañana ayer voy va vamos
    ir ver saber sé gusta dia otra otro vez luego después antes siempre nunca mucho poco`,
  namesByCapital: true,
  fillers: `hola buenas buenos porfa porfavor favor oye oiga disculpe disculpa perdón perdone perdona señor señora señorita amigo pues muy bueno solo sólo
    también realmente lamentablemente desafortunadamente estimados estimado entonces aproximadamente`,
  openers: 'y e pero así entonces o porque pues aunque',
  rewrites: {
    'por favor': 'porfavor',
    xfa: 'porfavor',
    xfavor: 'porfavor',
    q: 'que',
    k: 'que',
    ke: 'que',
    xq: 'porque',
    pq: 'porque',
    d: 'de',
    tb: 'también',
    tmb: 'también',
    x: 'por',
    bn: 'bien',
    kiero: 'quiero',
    kuanto: 'cuánto',
    kuesta: 'cuesta',
    cto: 'cuánto',
    cuant: 'cuánto',
    'fin de semana': 'finde',
    'a medio dia': 'mediodía',
    'medio dia': 'mediodía',
    'buenos dias': 'hola',
    'buen dia': 'hola',
    'buenas tardes': 'hola',
    'buenas noches': 'hola',
    ntp: 'ok',
    mñn: 'mañana',
    aki: 'aquí',
    'en cuanto a': 'sobre',
    'por supuesto': 'porsupuesto',
    'al contado': 'contado',
    'a traves': 'por',
    'whats app': 'whatsapp',
  },
  misspelt: `interesado interesada información mañana miércoles sábado disponible presupuesto cotización garantía financiamiento gracias
    reservar agendar reprogramar cancelar contraseña equivocado equivocada servicio problema dirección horario llámame precio descuento
    jueves viernes domingo manejo apartamento departamento respuesta plomero fontanero técnico pésimo necesito mensualidad enganche`,
};
