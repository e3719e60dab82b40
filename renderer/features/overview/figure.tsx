import { ChartColumn, Table } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';

export interface DataTable {
  readonly head: readonly string[];
  /** The first cell names the row; the others are figures. */
  readonly rows: readonly (readonly string[])[];
  readonly foot?: readonly string[];
}

/** A figure and its data: one press turns the drawing into a table of the same numbers. */
export function Figure(props: {
  readonly name: string;
  readonly title: string;
  readonly hint?: string;
  readonly controls?: ReactNode;
  readonly data: DataTable;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { name, title, hint, controls, data, children } = props;
  /** Null until the person has chosen. */
  const [chosen, setChosen] = useState<'table' | 'chart' | null>(null);
  const table = chosen === 'table';
  const id = useId();
  return (
    <section className={`figure figure-${name}`} aria-labelledby={id} data-testid={`figure-${name}`}>
      <header>
        <h3 id={id}>{title}</h3>
        <div className="figure-controls">
          {controls}
          <Button
            look="quiet"
            small
            icon={table ? ChartColumn : Table}
            onClick={() => setChosen(table ? 'chart' : 'table')}
          >
            {t(table ? 'overview.chart' : 'overview.table')}
          </Button>
        </div>
      </header>
      {/* The button keeps the keyboard, and what it has changed stands elsewhere. */}
      <p className="sr-only" role="status">
        {chosen !== null && t(table ? 'overview.tableShown' : 'overview.chartShown')}
      </p>
      {hint !== undefined && !table && <p className="muted figure-hint">{hint}</p>}
      {table ? <Data title={title} data={data} /> : children}
    </section>
  );
}

function Data({ title, data }: { title: string; data: DataTable }) {
  const { head, rows, foot } = data;
  return (
    // Longer than the figure it stands for: it scrolls by itself, also by keyboard.
    <div className="data-scroll" tabIndex={0} role="group" aria-label={title}>
      <table className="data selectable">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells]) => (
            <tr key={first}>
              <th scope="row">{first}</th>
              {cells.map((cell, index) => (
                <td key={head[index + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr>
              <th scope="row">{foot[0]}</th>
              {foot.slice(1).map((cell, index) => (
                <td key={head[index + 1]}>{cell}</td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
