import { hoursModals, withHoursForm } from '../bookings/index.ts';
import type { Asked, Command, Feature } from '../feature.ts';
import { settingsFeature } from '../settings/index.ts';
import { agentCommands } from './agent.ts';
import { apiCommands } from './api.ts';
import { baseCommands } from './base.ts';
import { factsFeature } from './business-facts.ts';
import { channelsFeature } from './channels.ts';
import type { RescueDeps } from './deps.ts';
import { formsFeature } from './forms.ts';
import { helpAbout, helpFor, rolesHelp } from './help.ts';
import { greeting, overview } from './overview.ts';
import { peopleFeature } from './people.ts';
import { placeCommands } from './places.ts';
import { rehearseChange, rehearseFeature } from './rehearse.ts';
import { settingCommands } from './settings.ts';
import { checklist, refresh, setupFeature } from './setup.ts';
import { statusFeature } from './status.ts';
import { templatesFeature } from './templates.ts';
import { tenantsFeature } from './tenants.ts';
import { webhooksFeature } from './webhooks.ts';

export { createStaffLeft } from './staff-left.ts';

/** `/rescue`: setting up, looking after, and help. */
export function createRescue(deps: RescueDeps): Feature {
  const refreshSetup = (asked: Asked, viewId: string) => refresh(deps, asked, viewId);
  const parts = [
    statusFeature(deps),
    peopleFeature(deps, refreshSetup),
    templatesFeature(deps),
    rehearseFeature(deps),
    factsFeature(deps),
    settingsFeature({
      ...deps,
      command: (name) => [...deps.others, ...commands].find((command) => command.name === name),
      checklist: (asked) => checklist(deps, asked),
      rehearse: (asked, settings, words) => rehearseChange(deps, asked, settings, words),
    }),
    tenantsFeature(deps),
    setupFeature(deps),
    channelsFeature(deps, refreshSetup),
    formsFeature(deps),
    webhooksFeature(deps),
  ];
  const commands: Command[] = [
    {
      name: '/rescue',
      summary: 'How things stand, and what to do next.',
      permission: 'anybody',
      founds: true,
      run: (asked) => overview(deps, asked),
    },
    {
      name: '/rescue help',
      summary: 'Everything LeadRescue can do, and who may do it.',
      permission: 'anybody',
      usage: '[command]',
      run: async ({ staff }, text) => {
        const all = [...deps.others, ...commands];
        return (text === '' ? undefined : helpAbout(all, staff.role, text)) ?? helpFor(all, staff.role);
      },
    },
    {
      name: '/rescue help roles',
      summary: 'What salespeople, managers and admins may do.',
      permission: 'anybody',
      run: async ({ staff }) => rolesHelp(staff.role),
    },
    ...parts.flatMap((part) => part.commands ?? []),
    ...placeCommands(deps),
    ...baseCommands(deps),
    ...settingCommands(deps).map((command) => withHoursForm(deps, command)),
    ...agentCommands(deps),
    ...apiCommands(deps),
  ];
  return {
    commands: commands.map((command) => (command.founds ? command : greetingFirst(command))),
    actions: Object.assign({}, ...parts.map((part) => part.actions)),
    modals: Object.assign(hoursModals(deps), ...parts.map((part) => part.modals)),
  };
}

/** Whoever becomes the admin by another word than plain `/rescue` is told so as well. */
function greetingFirst(command: Command): Command {
  return {
    ...command,
    run(asked, text) {
      if (asked.founded) asked.afterwards(() => asked.whisper({ text: greeting(asked.tenant.name) }));
      return command.run(asked, text);
    },
  };
}
