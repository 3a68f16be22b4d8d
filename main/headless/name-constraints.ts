import { isIP } from 'node:net';
import { Extension, GeneralName } from '@peculiar/x509';

export const NAME_CONSTRAINTS_OID = '2.5.29.30';

/**
 * The extension that keeps a certificate authority to these names (RFC 5280, 4.2.1.10): a stolen key of it can
 * speak for this appliance and for nobody else. Addresses are permitted one by one, with a full mask.
 */
export function nameConstraints(names: readonly string[]): Extension {
  const subtrees = names.map((name) => der(0x30, isIP(name) === 0 ? dnsName(name) : address(name)));
  return new Extension(NAME_CONSTRAINTS_OID, true, der(0x30, der(0xa0, Buffer.concat(subtrees))));
}

function dnsName(name: string): Buffer {
  return der(0x82, Buffer.from(name, 'ascii'));
}

/** iPAddress in a constraint is the address followed by its mask. */
function address(ip: string): Buffer {
  const bytes = Buffer.from(new GeneralName('ip', ip).rawData).subarray(2);
  return der(0x87, Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)]));
}

function der(tag: number, content: Buffer): Buffer<ArrayBuffer> {
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
