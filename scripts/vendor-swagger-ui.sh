#!/usr/bin/env bash
# vendor-swagger-ui.sh: renews src/http/assets/swagger from the npm package swagger-ui-dist.
#
# Run it by hand to take a new version; what it writes is committed, and a build needs no network. The same versions
# write the same bytes. The script is minified once more, which its publisher does without shortening names: 25 KB less
# in the component. Zopfli finds 4 % more than gzip -9.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The last before OpenAPI 3.2, whose reader costs another 43 KB; /openapi.json is 3.1. What later ones mend in their
# HTML sanitiser concerns documents by strangers: this page shows the service's own.
swagger_ui=5.31.2
terser=5.51.2
zopfli=1.0.15
assets=$root/src/http/assets/swagger

install_tools() {
    # Nothing of these packages needs to run at its installation.
    npm install --silent --no-save --ignore-scripts --prefix "$1" \
        "swagger-ui-dist@$swagger_ui" "terser@$terser" "@gfx/zopfli@$zopfli" >&2 ||
        die "npm could not install swagger-ui-dist; it needs the package registry."
}

tools=$(cached "swagger-ui-$swagger_ui-terser-$terser-zopfli-$zopfli" install_tools)
package=$tools/node_modules/swagger-ui-dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$tools/node_modules/.bin/terser" "$package/swagger-ui-bundle.js" --compress passes=2 --mangle --keep-classnames \
    --output "$work/swagger-ui-bundle.js"
cp "$package/swagger-ui.css" "$work/"
# The maps it points to are not served.
sed -i -e '/^\/[/*]# sourceMappingURL=/d' "$work"/*

mkdir -p "$assets"
for file in swagger-ui-bundle.js swagger-ui.css; do
    # shellcheck disable=SC2016  # JavaScript
    NODE_PATH=$tools/node_modules node -e '
        const fs = require("fs"), { gzip } = require("@gfx/zopfli");
        const [from, to] = process.argv.slice(1);
        gzip(fs.readFileSync(from), { numiterations: 15 }, (error, packed) => {
            if (error) throw error;
            fs.writeFileSync(to, packed);
        });' "$work/$file" "$assets/$file.gz"
done
cp "$package/LICENSE" "$assets/LICENSE"
cp "$package/NOTICE" "$assets/NOTICE"
cp "$package/swagger-ui-bundle.js.LICENSE.txt" "$assets/swagger-ui-bundle.js.LICENSE.txt"
cat >"$assets/README.md" <<END
# Swagger UI $swagger_ui

\`swagger-ui-bundle.js\` and \`swagger-ui.css\` of the npm package \`swagger-ui-dist\`, under Apache-2.0 (\`LICENSE\`, \`NOTICE\`; what it bundles: \`swagger-ui-bundle.js.LICENSE.txt\`).
Changed here: the script was minified once more (terser $terser), the pointers to source maps were cut, and both files were compressed (zopfli $zopfli).
\`scripts/vendor-swagger-ui.sh\` writes this folder.
END
ls -l "$assets" >&2
