import { burdens } from './index.ts';
import { withstand } from './withstand.ts';

withstand(burdens);
