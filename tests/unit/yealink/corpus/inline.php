#!version:1.0.0.1
account.1.user_name = <?php echo $user; ?>

account.1.password = <?= $password ?>

<?php if ($vlan) { ?>
static.network.vlan.internet_port_enable = 1
<?php } ?>
sip.trust_ctrl = 0
