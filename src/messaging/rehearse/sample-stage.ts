import { type AccountId, derivedId, type TenantId } from '../../lib/ids.ts';
import { candidateZones } from '../../people/index.ts';
import { type Account, type Playbook, type Settings, templateKey } from '../../tenants/index.ts';
import { samplesOf } from './customer.ts';
import type { Stage } from './types.ts';

export interface SampleBusiness {
  playbook: Playbook;
  /** Where the business is, as well as its customers. */
  zone: string;
  /** ISO 639-1; one of the playbook's. */
  language: string;
  settings: Settings;
  /** WhatsApp has approved the texts of the cadence. */
  approved: boolean;
}

/** A made-up business out of the playbook's own examples, with a sender on each channel of its cadence. */
export function sampleStage({ playbook, zone, language, settings, approved }: SampleBusiness): Stage {
  const {
    business = playbook.name,
    salesperson = null,
    phone,
    terms_link,
    calculator_link,
  } = samplesOf(playbook, language);
  const accounts = playbook.cadence.channels.map((channel): [string, Account] => [
    channel,
    {
      id: derivedId<AccountId>('rehearsal', channel),
      vendor: 'sample',
      channel,
      sender: channel === 'email' ? 'hello@leads.example' : '+15555550100',
      gatewayAccount: '',
      rate: 1,
    },
  ]);
  const texts = new Set(playbook.cadence.steps.map(({ template }) => template));
  const submitted = approved ? playbook.templates.filter(({ key }) => texts.has(key)) : [];
  return {
    playbook,
    tenant: {
      id: derivedId<TenantId>('rehearsal', 'tenant'),
      name: business,
      slackTeamId: null,
      firstInTeam: true,
      waitsFor: null,
      country: candidateZones({ zone }).country ?? '',
      zone,
      language,
      accent: '#2563eb',
    },
    settings: {
      ...settings,
      termsUrl: terms_link ?? null,
      calculatorUrl: calculator_link ?? null,
      contact: phone ?? null,
    },
    routing: {
      accounts: Object.fromEntries(accounts),
      approved: new Map(submitted.map((template) => [templateKey(template), `sample/${templateKey(template)}`])),
    },
    salesperson,
    publicUrl: 'https://leads.example',
  };
}
