// The credentials of a request, in whichever spelling they came.
//
// `api_key` and `api-key` are one variable to a WSGI server, which keeps the last and
// drops the other without a word. So different values are joined with a comma here: the
// application refuses a comma, instead of anybody choosing between two credentials.

function sent(r, name) {
    const values = r.rawHeadersIn
        .filter((header) => header[0].toLowerCase().split('_').join('-') === name)
        .map((header) => header[1]);
    const same = values.every((value) => value === values[0]);
    return same ? values[0] || '' : values.join(', ');
}

function api_key(r) { return sent(r, 'api-key'); }
function access_token(r) { return sent(r, 'access-token'); }
function authorization(r) { return sent(r, 'authorization'); }

export default { api_key, access_token, authorization };
