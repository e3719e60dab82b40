import { describe, expect, it } from 'vitest';
import { addressOf, checkTemplate, EXAMPLE_TEMPLATE } from './portal-template.ts';

describe('the template of the web portal', () => {
  it('is an https address with the place of the id', () => {
    expect(checkTemplate(EXAMPLE_TEMPLATE)).toBe(null);
    expect(checkTemplate('https://p.example.com/?c={id}&tab=1')).toBe(null);
    expect(checkTemplate('http://p.example.com/{id}')).toBe('https');
    expect(checkTemplate('javascript:alert({id})')).toBe('https');
    expect(checkTemplate('https://p.example.com/')).toBe('id');
    expect(checkTemplate('https://{id}')).toBe(null);
    expect(checkTemplate('https:// {id}')).toBe('url');
    expect(checkTemplate('https://contracts.example.com@evil.example/{id}')).toBe('url');
    expect(checkTemplate(`https://p.example.com/${'x'.repeat(2000)}{id}`)).toBe('long');
  });

  it('puts the id in so that it stays one part of the address', () => {
    expect(addressOf(EXAMPLE_TEMPLATE, 'C/1?x=#й')).toBe(
      'https://portal.example.com/contracts/C%2F1%3Fx%3D%23%D0%B9',
    );
  });
});
