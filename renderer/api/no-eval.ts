import { z } from 'zod';

/*
 * zod compiles schemas with `new Function` where it may. Our content security policy forbids that, and the attempt
 * alone would be reported as a violation. This module must be evaluated before the contract's schemas are made.
 */
z.config({ jitless: true });
