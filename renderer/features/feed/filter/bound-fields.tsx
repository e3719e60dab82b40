import { useId, type InputHTMLAttributes } from 'react';
import { useTranslation } from 'react-i18next';

interface Bound {
  readonly name: 'min' | 'max' | 'from' | 'to';
  readonly value: string;
  readonly set: (value: string) => void;
}

/** A lower and an upper bound to type, and what is wrong with them. */
export function BoundFields(props: {
  readonly fields: readonly Bound[];
  readonly input: Pick<InputHTMLAttributes<HTMLInputElement>, 'type' | 'inputMode'>;
  readonly legend?: string;
  readonly problem: 'notNumber' | 'bounds' | null;
  readonly onEdit: () => void;
}) {
  const { t } = useTranslation();
  const { fields, input, legend, problem, onEdit } = props;
  const problemId = useId();
  const inputs = fields.map(({ name, value, set }) => (
    <div className="field" key={name}>
      <label htmlFor={`filter-${name}`}>{t(`filter.${name}`)}</label>
      <input
        id={`filter-${name}`}
        className="plain-field"
        {...input}
        value={value}
        aria-invalid={problem !== null}
        aria-describedby={problem ? problemId : undefined}
        onChange={(event) => {
          set(event.target.value);
          onEdit();
        }}
      />
    </div>
  ));
  return (
    <>
      {legend === undefined ? (
        inputs
      ) : (
        <fieldset>
          <legend>{legend}</legend>
          {inputs}
        </fieldset>
      )}
      {problem && (
        <p id={problemId} className="field-error" role="alert">
          {t(`filter.${problem}`)}
        </p>
      )}
    </>
  );
}
