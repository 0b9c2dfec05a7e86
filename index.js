// n8n loads the package through the "n8n" key of package.json; this file only satisfies "main".
module.exports = {};
