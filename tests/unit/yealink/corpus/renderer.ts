const account = { balance: 1 };
account.balance = 2;
lines.push(`account.1.password = ${phone.password}`);
lines.push(`linekey.${key}.lable = ${name}`, "account.1.enable = 1");
const fixed = [["sip.trust_control", "1"], ["security.user_password", "admin:CanaryTs"]];
text += "account.1.label = x\nphone_setting.langage = English\n";
