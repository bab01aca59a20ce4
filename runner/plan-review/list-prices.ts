import { PriceFile } from '../../schema/price-file.ts'
import prices from './prices.json' with { type: 'json' }

/** The price file that comes with Gantry; a platform team may bring its own instead. */
export const listPrices: PriceFile = PriceFile.parse(prices)
