import { demand } from '../../tenants/index.ts';
import { openLead } from '../drive/index.ts';
import type { Feature } from '../feature.ts';
import type { LeadCommandDeps } from './deps.ts';
import { FILTERS } from './filter.ts';
import { filteredLeads, foundLeads, LEADS_UNOWNED, leadsToTake, moreLeads } from './leads.ts';

/** The button beside `/leads`. */
export const LEADS_NEWEST = 'leads_newest';
export { LEADS_UNOWNED };

/** Finding leads: `/leads` lists, `/lead anna` searches. */
export function createLeadCommands(deps: LeadCommandDeps): Feature {
  return {
    commands: [
      {
        name: '/lead',
        summary: 'Find a lead by name, car or number; without words, log one.',
        usage: '[name, car or number]',
        permission: 'lead.see_own',
        async run(asked, text) {
          if (text !== '') return foundLeads(deps, asked, text);
          demand(asked.staff, 'lead.log');
          await openLead(deps, asked);
          return undefined;
        },
      },
      {
        name: '/leads',
        summary: 'The newest leads and what happens next with them, or those that fit what you write.',
        usage: FILTERS,
        permission: 'lead.see_own',
        run: (asked, text) => filteredLeads(deps, asked, text),
      },
    ],
    actions: {
      [LEADS_NEWEST]: {
        permission: 'lead.see_own',
        run: async (asked) => asked.whisper(await filteredLeads(deps, asked, '')),
      },
      [LEADS_UNOWNED]: {
        permission: 'lead.see_own',
        run: async (asked) => asked.whisper(await leadsToTake(deps, asked)),
      },
      leads_more: {
        permission: 'lead.see_own',
        run: async (asked, value) => asked.whisper(await moreLeads(deps, asked, value)),
      },
    },
  };
}
