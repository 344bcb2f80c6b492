import { useEffect } from 'react';
import { leadOf } from '../text/follow.ts';
import { useChange } from './change.ts';
import { useAll, useUi } from './hooks.ts';
import { setUi } from './ui.ts';

/** A lead that is logged while the page is open is looked at at once. */
export function useNewLeads(): void {
  const leads = useAll('lead');
  const newest = leads.reduce((latest, { arrived }) => Math.max(latest, arrived), 0);
  useChange(newest, () => {
    const lead = leads.find(({ arrived }) => arrived === newest && newest > 0)?.value;
    if (lead?.number) setUi({ number: lead.number, lead: lead.id });
  });
  const number = useUi((ui) => ui.number);
  const lead = useUi((ui) => ui.lead);
  useEffect(() => {
    if (number && !lead && leads.length > 0) setUi({ lead: leadOf(number) });
  }, [number, lead, leads]);
}
