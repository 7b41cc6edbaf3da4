import { testUpstream } from './upstream.ts';

testUpstream('2025-11-25');
