import { createRoot } from 'react-dom/client';
import { create } from 'zustand';
import type { StatusChanged } from '../../../protocol/event.ts';
import { readParameters } from './parameters.ts';

/** The program one would write by hand: EventSource, JSON.parse, a store, a list. Nothing is kept, nothing is checked. */

let received = 0;

/** Also from the middle of a long task, which nothing else gets out of. */
function tell(): void {
  console.debug(`bench-count ${received}`);
}

const useEvents = create<{ events: StatusChanged[]; add: (event: StatusChanged) => void }>((set) => ({
  events: [],
  add: (event) => set((state) => ({ events: [event, ...state.events] })),
}));

function Feed() {
  const events = useEvents((state) => state.events);
  return (
    <ul>
      {events.map((event) => (
        <li key={event.id} data-contract-id={event.data.contract.id}>
          <b>{event.data.contract.title}</b>
          <div>
            {event.data.change.from} → {event.data.change.to}, {new Date(event.time).toLocaleString()}
          </div>
        </li>
      ))}
    </ul>
  );
}

const { url, userId } = readParameters();
const source = new EventSource(url);
source.addEventListener(`${userId}_ContractStatusChanged`, (message) => {
  useEvents.getState().add(JSON.parse(message.data as string) as StatusChanged);
  received += 1;
  if (received % 25 === 0) tell();
});
source.addEventListener(`${userId}_StreamHead`, tell);

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Feed />);
