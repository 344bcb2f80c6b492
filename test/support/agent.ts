import { createRelay } from '../../src/events/index.ts';
import type { LeadId, PersonId } from '../../src/lib/ids.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { type Brain, createOpenAiStandIn, type OpenAiStandIn } from '../../src/sandbox/openai/index.ts';
import type { Settings, Staff } from '../../src/tenants/index.ts';
import { createOpenAi } from '../../src/vendors/openai/index.ts';
import { changeSettings } from './change-settings.ts';
import { openWorld, SMS_SENDER, WHATSAPP_SENDER, type World } from './world.ts';

/** The rooms with the agent's turns, and a model's stand-in where one is wanted. */
export interface AgentWorld extends World {
  sofia: Staff;
  openai: OpenAiStandIn;
  /** Who thinks for the model from now on. */
  think(brain: Brain): void;
  change(patch: Partial<Settings>): Promise<void>;
  customer(changes?: Partial<Who>): Promise<Customer>;
  /** Runs the turns that are due, and lets their messages leave. */
  turn(): Promise<void>;
}

export interface Who {
  name: string;
  language: string;
  phone: string;
  car: string;
  owner: Staff;
  /** The test drive where it is not said; another one asks for its own fields instead of the car. */
  playbook: string;
  fields: Record<string, string>;
}

/** A lead who writes, and what came back to their phone. */
export interface Customer {
  leadId: LeadId;
  personId: PersonId;
  phone: string;
  /** Writes, and lets everything happen. Gives what the customer received in answer. */
  writes(body: string, channel?: 'whatsapp' | 'sms'): Promise<string[]>;
  /** The same without the agent's turn. */
  only(body: string, channel?: 'whatsapp' | 'sms'): Promise<void>;
  received(): string[];
  turns(): Promise<{ agent: string; outcome: string; reason?: string; prompt?: string }[]>;
  drafts(): Promise<{ id: string; state: string; reason: string; text: string }[]>;
}

export const MODEL_KEY = 'sk-test';
export const FACTS: Settings['facts'] = [
  {
    topic: 'financing: BMW X5',
    words: {
      en: 'Private leasing of the BMW X5 starts at 4,990 kr a month for 36 months.',
      sv: 'Privatleasing av BMW X5 kostar från 4 990 kr i månaden i 36 månader.',
      de: 'Privatleasing für den BMW X5 gibt es ab 449 Euro im Monat.',
      es: 'El renting del BMW X5 cuesta desde 449 euros al mes.',
      hi: 'BMW X5 ki EMI 49,900 rupaye mahine se shuru hoti hai.',
    },
  },
  {
    topic: 'opening_hours',
    words: {
      en: 'We are open Monday to Friday from 9 to 18 and on Saturdays from 10 to 15.',
      sv: 'Vi har öppet måndag till fredag klockan 9 till 18 och lördagar klockan 10 till 15.',
      de: 'Wir haben Montag bis Freitag von 9 bis 18 Uhr und samstags von 10 bis 15 Uhr geöffnet.',
      es: 'Abrimos de lunes a viernes de 9 a 18 y los sábados de 10 a 15.',
      hi: 'Hum Monday se Friday 9 se 18 baje aur Saturday ko 10 se 15 baje tak khule hain.',
    },
  },
  {
    topic: 'trade_in',
    words: {
      en: 'We take your old car in part exchange; bring the registration papers.',
      sv: 'Vi tar din gamla bil i inbyte; ta med registreringsbeviset.',
      de: 'Wir nehmen Ihr altes Auto in Zahlung; bringen Sie bitte den Fahrzeugschein mit.',
      es: 'Aceptamos su coche usado como parte del pago; traiga la documentación.',
      hi: 'Hum purani gaadi exchange mein lete hain; RC saath laayein.',
    },
  },
];

const TRIP_FACTS: Settings['facts'] = [
  {
    topic: 'vehicles',
    words: {
      en: 'We have cars for 3, minibuses for 16 and coaches for 50 passengers.',
      sv: 'Vi har bilar för 3, minibussar för 16 och bussar för 50 passagerare.',
      de: 'Wir haben Autos für 3, Kleinbusse für 16 und Reisebusse für 50 Fahrgäste.',
      es: 'Tenemos coches para 3, minibuses para 16 y autocares para 50 pasajeros.',
      hi: 'Hamare paas 3 logon ki car, 16 ki minibus aur 50 ki bus hai.',
    },
  },
  {
    topic: 'changes',
    words: {
      en: 'Trips can be changed or cancelled free of charge up to 24 hours before.',
      sv: 'Resor kan ändras eller avbokas utan kostnad fram till 24 timmar innan.',
      de: 'Fahrten können bis 24 Stunden vorher kostenlos geändert oder abgesagt werden.',
      es: 'Los viajes se pueden cambiar o cancelar sin coste hasta 24 horas antes.',
      hi: 'Yatra 24 ghante pehle tak bina kisi charge ke badli ya cancel ki ja sakti hai.',
    },
  },
  {
    topic: 'invoice',
    words: {
      en: 'Companies pay by monthly invoice within 30 days.',
      sv: 'Företag betalar mot faktura varje månad, inom 30 dagar.',
      de: 'Firmen zahlen per Monatsrechnung innerhalb von 30 Tagen.',
      es: 'Las empresas pagan con una factura mensual a 30 días.',
      hi: 'Companies har mahine ke invoice se 30 din mein payment karti hain.',
    },
  },
  {
    topic: 'area',
    words: {
      en: 'We drive in and around Stockholm, and from there to all of Sweden.',
      sv: 'Vi kör i och runt Stockholm, och därifrån till hela Sverige.',
      de: 'Wir fahren in und um Stockholm und von dort in ganz Schweden.',
      es: 'Conducimos en Estocolmo y alrededores, y desde allí a toda Suecia.',
      hi: 'Hum Stockholm aur aaspaas, aur wahan se poore Sweden tak chalte hain.',
    },
  },
];

const HOME_FACTS: Settings['facts'] = [
  {
    topic: 'services',
    words: {
      en: 'We repair and replace roofs, gutters and windows; we do no plumbing and no electrical work.',
      sv: 'Vi lagar och byter tak, hängrännor och fönster; vvs och el gör vi inte.',
      de: 'Wir reparieren und erneuern Dächer, Dachrinnen und Fenster; Sanitär- und Elektroarbeiten machen wir nicht.',
      es: 'Reparamos y cambiamos tejados, canalones y ventanas; no hacemos fontanería ni electricidad.',
      hi: 'Hum chhat, gutter aur khidkiyan theek karte aur badalte hain; plumbing aur bijli ka kaam hum nahi karte.',
    },
  },
  {
    topic: 'area',
    words: {
      en: 'We work in Stockholm, Uppsala and Södertälje.',
      sv: 'Vi jobbar i Stockholm, Uppsala och Södertälje.',
      de: 'Wir arbeiten in Stockholm, Uppsala und Södertälje.',
      es: 'Trabajamos en Estocolmo, Uppsala y Södertälje.',
      hi: 'Hum Stockholm, Uppsala aur Södertälje mein kaam karte hain.',
    },
  },
  {
    topic: 'warranty',
    words: {
      en: 'Roof work has a ten-year guarantee.',
      sv: 'Takarbeten har tio års garanti.',
      de: 'Auf Dacharbeiten geben wir zehn Jahre Garantie.',
      es: 'Los trabajos de tejado tienen diez años de garantía.',
      hi: 'Chhat ke kaam par das saal ki guarantee hai.',
    },
  },
];

/** What a business of each kind has said about itself. */
export const FACTS_OF: Readonly<Record<string, Settings['facts']>> = {
  'test-drive': FACTS,
  'corporate-travel': TRIP_FACTS,
  'home-services': HOME_FACTS,
};

export async function openAgentWorld(
  options: Parameters<typeof openWorld>[0] & { withModel?: boolean } = {},
): Promise<AgentWorld> {
  const { withModel = false, ...rest } = options;
  const openai = createOpenAiStandIn({ apiKey: MODEL_KEY });
  const { baseUrl } = await openai.start();
  const model = createOpenAi({ apiKey: MODEL_KEY, baseUrl, model: 'gpt-4.1-mini' });
  const world = await openWorld({ ...rest, ...(withModel && { model }) });
  const { rooms, database, tenant, twilio } = world;
  const log = createLogger('silent');
  const relay = createRelay({ db: database.db, log, handlers: { 'agent.turn': rooms.agentTurn } });
  const sofia = await world.hire('Sofia Lindqvist', 'salesperson');
  const admin = await world.hire('Anders Berg', 'admin');

  async function turn(): Promise<void> {
    await database.db.system.query(`update effects set due_at = clock_timestamp() where kind = 'agent.turn'`);
    await relay.run();
    await world.settle();
    await twilio.idle();
    await world.settle();
  }

  let serial = 10;
  return {
    ...world,
    sofia,
    openai,
    think: openai.think,
    turn,
    async change(patch) {
      await changeSettings(world, admin, patch);
    },
    async customer({
      name = 'Anna Karlsson',
      language = 'sv',
      phone = `+467017405${serial++}`,
      car = 'BMW X5',
      owner = sofia,
      playbook = 'test-drive',
      fields = { car },
    } = {}) {
      const { leadId } = await world.drive(owner, { name, language, phone, playbook, fields });
      await world.settle();
      const lead = await rooms.desk.lead(admin, leadId);
      const received = () => twilio.journal.sent.filter(({ to }) => to === phone).map(({ body }) => body);
      const only = async (body: string, channel: 'whatsapp' | 'sms' = 'whatsapp') => {
        const to = channel === 'sms' ? SMS_SENDER : WHATSAPP_SENDER;
        await twilio.customerSends({ from: phone, to, channel, body });
      };
      return {
        leadId,
        personId: lead.personId,
        phone,
        received,
        only,
        async writes(body, channel = 'whatsapp') {
          const before = received().length;
          await only(body, channel);
          await turn();
          return received().slice(before);
        },
        async turns() {
          const rows = await database.db.system.query<{ data: { agent: string; outcome: string; reason?: string } }>(
            `select data from events where lead_id = $1 and type = 'agent.turned' order by id`,
            [leadId],
          );
          return rows.map(({ data }) => data);
        },
        async drafts() {
          const rows = await database.db.system.query<{ id: string }>(
            'select id from drafts where lead_id = $1 order by created_at, id',
            [leadId],
          );
          const views = await Promise.all(rows.map(({ id }) => rooms.drafts.view(tenant.id, id)));
          return views.flatMap((view) =>
            view ? [{ id: view.id, state: view.state, reason: view.reason, text: view.text }] : [],
          );
        },
      };
    },
    async close() {
      await relay.drain();
      await openai.stop();
      await world.close();
    },
  };
}
