import type { Settings } from '../tenants/index.ts';

/** How much the agent may do for leads of a playbook. Pure. */
export function agentModeOf(settings: Pick<Settings, 'agentMode' | 'agentModes'>, playbook: string) {
  return settings.agentModes[playbook] ?? settings.agentMode;
}
