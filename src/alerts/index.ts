/** What somebody should look at: found from what is so now, grouped, routed by kind, acknowledged. */
export { type Alerts, createAlerts } from './alerts.ts';
export { ALERT_KINDS, type AlertKindKey, type AlertRoute, isAlertKind, kindOf, routeOf } from './kinds.ts';
export { type Alert, type AlertItem, type AlertPost, FROM_OUTSIDE, TO_OTHERS } from './types.ts';
