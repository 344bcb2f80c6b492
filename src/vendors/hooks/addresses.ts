import { BlockList, isIP } from 'node:net';

/*
 * Addresses that nobody outside may make us call: our own machine, private networks, the cloud's metadata service and
 * whatever else is no host of the public internet (IANA special-purpose registries for IPv4 and IPv6).
 */

const CLOSED = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  CLOSED.addSubnet(network, prefix, 'ipv4');
}

/** Global unicast is all that is open; of it not the ranges that carry or document IPv4. */
const OPEN = new BlockList();
OPEN.addSubnet('2000::', 3, 'ipv6');
const CLOSED_WITHIN = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  CLOSED_WITHIN.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address is one of the public internet. Everything that is not certainly so is not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !CLOSED.check(address, 'ipv4');
    case 6:
      return OPEN.check(address, 'ipv6') && !CLOSED_WITHIN.check(address, 'ipv6');
    default:
      return false;
  }
}
