import { damages } from './index.ts';
import { withstand } from './withstand.ts';

withstand(damages);
