// The browser is found on the machine when a phone is linked; nothing is downloaded at install.
module.exports = { skipDownload: true };
