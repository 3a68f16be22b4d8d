import { exactOrders } from './orders.ts';
import { actedOn } from './outside.ts';
import { requestsIn } from './requests.ts';
import { heardRight } from './spelled.ts';

/** What a process of the bench can be asked for. */
export const JOBS = { exactOrders, actedOn, heardRight, requestsIn };
export type JobName = keyof typeof JOBS;
