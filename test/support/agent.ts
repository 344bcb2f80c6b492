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
