-- Names of people and places as they are compared: spelling.plain_name. Indexes are made of it, so it is never replaced:
-- another rule is another function with other indexes.
create function plain_name(words text) returns text language sql immutable strict parallel safe return
    btrim(regexp_replace(translate(lower(normalize(translate(words,
        -- Dashes and spaces become spaces; apostrophes, quotation marks and what is not seen go.
        U&'-\2010\2011\2012\2013\2014\2015\2043\207B\208B\2212\FE58\FE63\FF0D'
        '\0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005'
        '\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000''"`\00B4'
        '«»\02B9\02BA\02BB\02BC\02BD\02BE\02BF\02C8\02CA\02CB\055A\2018'
        '’\201A\201B\201C\201D\201E\201F\2032\2033\2034\2035\2036\2039\203A'
        '\275B\275C\275D\275E\A78B\A78C\FF02\FF07\FF40\00AD\0300\0301\034F\061C'
        '\180E\200B\200C\200D\200E\200F\202A\202B\202C\202D\202E\2060\2061\2062'
        '\2063\2064\2065\2066\2067\2068\2069\206A\206B\206C\206D\206E\206F\FE00'
        '\FE01\FE02\FE03\FE04\FE05\FE06\FE07\FE08\FE09\FE0A\FE0B\FE0C\FE0D\FE0E'
        '\FE0F\FEFF',
        repeat(' ', 38)), NFKC)), 'abcehikmoptxyïëáéíóýѐѝѓќӏ', 'авсенікмортхуїёаеіоуеигкі'), ' +', ' ', 'g'), ' ');
