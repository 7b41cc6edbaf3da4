import { testUpstream } from './upstream.ts';

testUpstream('2026-07-28');
